/// The provider could not be asked, or its answer was not one.
///
/// Nothing in it comes from the visitor and nothing of it is shown to one: it is for the operator's log.
public struct VerifierFailure: Error, Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    // The provider answered and said no.
    case throttled
    case incompleteRequest = "incomplete_request"
    case invalidParameter = "invalid_parameter"
    case badCredentials = "bad_credentials"
    case internalError = "internal_error"
    case cannotProcess = "cannot_process"
    case accountBarred = "account_barred"
    case quotaExceeded = "quota_exceeded"
    case parameterNotAllowed = "parameter_not_allowed"
    case demoAccount = "demo_account"
    case unknownStatus = "unknown_status"
    // It answered something else.
    case httpError = "http_error"
    case malformedAnswer = "malformed_answer"
    case oversizedAnswer = "oversized_answer"
    // It could not be reached, or the answer was lost.
    case unreachable
    case untrustedCertificate = "untrusted_certificate"
    case connectionLost = "connection_lost"
    case timedOut = "timed_out"
    case overloaded
  }

  public let kind: Kind
  /// What was tried and what the C library or the provider's status said, for the operator: never a number, a PIN, a
  /// secret or free text of the provider's.
  public let detail: String
  /// How long the provider asks to be left alone, if it says so.
  public let retryAfter: Duration?
  /// Whether no message was sent, for sure: only then is a send's charge given back.
  public let isCertainlyNotSent: Bool
  /// Whether the request that was to be sent again is over, and no other is known to have taken its place.
  public let hasEndedRequest: Bool

  /// - Parameter isCertainlyNotSent: nil when the kind says it; true when it happened before a message was asked for.
  public init(
    _ kind: Kind, detail: String, retryAfter: Duration? = nil, isCertainlyNotSent: Bool? = nil,
    hasEndedRequest: Bool = false
  ) {
    self.kind = kind
    self.detail = detail
    self.retryAfter = retryAfter
    self.isCertainlyNotSent = isCertainlyNotSent ?? kind.isCertainlyNotSent
    self.hasEndedRequest = hasEndedRequest
  }

  /// The stable name of this failure, for logs and alarms: "provider.timed_out".
  public var code: String { "provider." + kind.rawValue }
}

extension VerifierFailure.Kind {
  /// Whether whoever asked for the message pays for the asking, though nothing was sent: the provider was asked, and would be
  /// for ever, for a number that it fails at each time. Nobody pays where it was not reached, or where the owner's account
  /// is at fault.
  public var costsAsker: Bool {
    switch self {
    case .incompleteRequest, .invalidParameter, .badCredentials, .accountBarred, .quotaExceeded, .parameterNotAllowed,
      .unreachable, .untrustedCertificate, .overloaded:
      false
    case .throttled, .internalError, .cannotProcess, .demoAccount, .unknownStatus, .httpError, .malformedAnswer,
      .oversizedAnswer, .connectionLost, .timedOut:
      true
    }
  }

  /// Whether the provider said no, or nothing reached it. A provider that broke down, whose answer makes no sense or was
  /// lost may have sent the message all the same.
  var isCertainlyNotSent: Bool {
    switch self {
    case .throttled, .incompleteRequest, .invalidParameter, .badCredentials, .cannotProcess, .accountBarred,
      .quotaExceeded, .parameterNotAllowed, .demoAccount, .unreachable, .untrustedCertificate, .overloaded:
      true
    case .internalError, .unknownStatus, .httpError, .malformedAnswer, .oversizedAnswer, .connectionLost, .timedOut:
      false
    }
  }
}
