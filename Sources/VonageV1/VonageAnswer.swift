internal import Curl
internal import Encoding
internal import Verification

/// The two fields that PinGate reads of a Verify v1 JSON response; all others, texts above all, are ignored.
struct VonageAnswer: Sendable {
  /// The state of `request_id`. The specification (1.2.4) includes it in every success but does not require it.
  enum RequestName: Sendable, Hashable {
    case absent
    /// Not a string, empty (as in some errors) or not well-formed.
    case unfit
    case id(RequestID)
  }

  let status: VonageStatus
  let requestName: RequestName

  /// Nil if there is no well-formed one.
  var requestID: RequestID? {
    if case .id(let id) = requestName { id } else { nil }
  }

  /// Whether the response may be about that request: it names that request, or none.
  func mayBe(about request: RequestID) -> Bool {
    requestName == .absent || requestName == .id(request)
  }

  /// Parses the response to an HTTP request.
  ///
  /// - Throws: `.badCredentials`, `.throttled` or `.httpError` for an HTTP status other than 200 (Vonage's own errors
  ///   come with 200), and `.malformedAnswer` if the body is not a JSON object with a status.
  init(_ answer: Answer) throws(VerifierFailure) {
    guard answer.status == 200 else { throw Self.failure(of: answer) }
    // The client has bounded the size. The reason why it is not JSON would be of no use, and might quote Vonage's text.
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

  /// One to four digits without leading zeros, and nothing else: `Int` would accept "+0" and "00" as success. The
  /// specification says it is a string; SDKs and gateways have seen numbers too.
  private static func number(_ value: JSONReader.Value?) -> Int? {
    switch value {
    case .text(let digits), .number(let digits):
      guard (1...4).contains(digits.utf8.count), digits.utf8.areDigits,
        digits == "0" || digits.utf8.first != UInt8(ascii: "0")
      else { return nil }
      return Int(digits)
    case .flag, .texts, .other, nil: return nil
    }
  }
}

/// The `Retry-After` field (RFC 9110, section 10.2.3).
enum RetryAfter {
  /// The time to wait if it is given in seconds, clamped to 1 s to 1 h. Nil for a date, which would require the
  /// server's clock to be right, and which none of the APIs used here sends.
  static func delay(_ value: String) -> Duration? {
    guard (1...9).contains(value.utf8.count), value.utf8.areDigits, let seconds = Int(value)
    else { return nil }
    return .seconds(min(max(1, seconds), 3_600))
  }
}
