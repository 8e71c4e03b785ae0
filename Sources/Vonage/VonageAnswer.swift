internal import Curl
internal import FoundationEssentials
internal import Verification

/// The two fields that are read of a JSON answer of Verify v1; all others, the texts above all, are left unread.
struct VonageAnswer: Sendable {
  let status: VonageStatus
  /// nil when absent, blank (as in some errors) or not well-formed.
  let requestID: RequestID?

  /// Reads an answer to an HTTP request.
  ///
  /// - Throws: `.badCredentials`, `.throttled` or `.httpError` for an HTTP status other than 200 (Vonage's own refusals
  ///   come with 200), and `.malformedAnswer` when the body is not a JSON object with a status.
  init(_ answer: Answer) throws(VerifierFailure) {
    guard answer.status == 200 else { throw Self.failure(of: answer) }
    // JSONDecoder bounds the depth (512), but passes over bad UTF-8 in what it does not decode, and takes UTF-16 and
    // UTF-32 (full of zeros) too. The client has bounded the size. Why it is none is of no use: the words would be Vonage's.
    guard !answer.body.contains(0), String(validating: answer.body, as: UTF8.self) != nil,
      let fields = try? JSONDecoder().decode(Fields.self, from: Data(answer.body))
    else {
      throw VerifierFailure(.malformedAnswer, detail: "no JSON object with a status, \(answer.body.count) bytes")
    }
    status = VonageStatus(number: fields.status)
    requestID = fields.requestID.flatMap { RequestID($0) }
  }

  private static func failure(of answer: Answer) -> VerifierFailure {
    let kind: VerifierFailure.Kind =
      switch answer.status {
      case 401: .badCredentials
      case 429: .throttled
      default: .httpError
      }
    let wait = answer.retryAfter.flatMap { RetryAfter.delay($0) }
    return VerifierFailure(kind, detail: "HTTP \(answer.status)", retryAfter: wait)
  }

  private struct Fields: Decodable {
    let status: Int
    let requestID: String?

    enum CodingKeys: String, CodingKey {
      case status
      case requestID = "request_id"
    }

    init(from decoder: any Decoder) throws {
      let container = try decoder.container(keyedBy: CodingKeys.self)
      // A string by the specification; SDKs and gateways have seen numbers too.
      if let text = try? container.decode(String.self, forKey: .status) {
        guard let number = VonageAnswer.number(text) else {
          throw DecodingError.dataCorruptedError(forKey: .status, in: container, debugDescription: "")
        }
        status = number
      } else {
        status = try container.decode(Int.self, forKey: .status)
      }
      requestID = try? container.decode(String.self, forKey: .requestID)
    }
  }

  /// One to four digits, and nothing else: `Int` would take "+0" for success.
  private static func number(_ text: String) -> Int? {
    guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else { return nil }
    return Int(text)
  }
}
