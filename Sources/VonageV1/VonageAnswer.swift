internal import Curl
internal import Encoding
internal import Verification

/// The two fields that are read of a JSON answer of Verify v1; all others, the texts above all, are left unread.
struct VonageAnswer: Sendable {
  /// What the `request_id` is. The specification (1.2.4) has it in every success and does not require it.
  enum RequestName: Sendable, Hashable {
    case absent
    /// Not a string, blank (as in some errors) or not well-formed.
    case unfit
    case id(RequestID)
  }

  let status: VonageStatus
  let requestName: RequestName

  /// nil when there is no well-formed one.
  var requestID: RequestID? {
    if case .id(let id) = requestName { id } else { nil }
  }

  /// Whether it can be about that request: it names it, or none.
  func mayBe(about request: RequestID) -> Bool {
    requestName == .absent || requestName == .id(request)
  }

  /// Reads an answer to an HTTP request.
  ///
  /// - Throws: `.badCredentials`, `.throttled` or `.httpError` for an HTTP status other than 200 (Vonage's own refusals
  ///   come with 200), and `.malformedAnswer` when the body is not a JSON object with a status.
  init(_ answer: Answer) throws(VerifierFailure) {
    guard answer.status == 200 else { throw Self.failure(of: answer) }
    // The client has bounded the size. Why it is none is of no use: the words would be Vonage's.
    guard String(validating: answer.body, as: UTF8.self) != nil,
      let members = try? JSONReader.members(["status", "request_id"], of: answer.body),
      let number = Self.number(members["status"])
    else {
      throw VerifierFailure(.malformedAnswer, detail: "no JSON object with a status, \(answer.body.count) bytes")
    }
    status = VonageStatus(number: number)
    requestName =
      switch members["request_id"] {
      case nil: .absent
      case .text(let name): RequestID(name, of: .vonageV1).map { .id($0) } ?? .unfit
      case .number, .flag, .texts, .other: .unfit
      }
  }

  private static func failure(of answer: Answer) -> VerifierFailure {
    let kind: VerifierFailure.Kind =
      switch answer.status {
      case 401: .badCredentials
      case 429: .throttled
      default: .httpError
      }
    let wait = answer.retryAfter.flatMap { RetryAfter.delay($0) }
    let status = "HTTP \(answer.status)"
    return VerifierFailure(kind, code: VonageStatus.code(status), detail: status, retryAfter: wait)
  }

  /// One to four digits without a needless zero in front, and nothing else: `Int` would take "+0" and "00" for success. A
  /// string by the specification; SDKs and gateways have seen numbers too.
  private static func number(_ value: JSONReader.Value?) -> Int? {
    switch value {
    case .text(let digits), .number(let digits):
      guard (1...4).contains(digits.utf8.count), digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
        digits == "0" || digits.utf8.first != UInt8(ascii: "0")
      else { return nil }
      return Int(digits)
    case .flag, .texts, .other, nil: return nil
    }
  }
}
