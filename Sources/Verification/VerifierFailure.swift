/// The provider could not be asked, or its answer made no sense.
///
/// Nothing in it comes from the visitor or is shown to one: it is for the operator's log.
public struct VerifierFailure: Error, Sendable, Hashable {
  /// What went wrong, in categories that fit every provider. The raw values are the last part of log codes
  /// ("start.timed_out"), and are kept in the store.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    // The provider refused: nothing was sent.
    /// It is asked too often.
    case throttled
    /// It does not accept PinGate's request.
    case invalidRequest = "invalid_request"
    case badCredentials = "bad_credentials"
    case accountBarred = "account_barred"
    /// The account has no money left.
    case quotaExceeded = "quota_exceeded"
    /// The account may not do this, or not send to this number: a trial account, or a country that was not unlocked.
    case notPermitted = "not_permitted"
    /// The account lacks something that PinGate asks for, whatever the number: the owner can have it enabled.
    case featureNotEnabled = "feature_not_enabled"
    /// It refuses this request for a reason of its own that may be temporary.
    case cannotProcess = "cannot_process"

    // It answered something else: nobody knows what it did.
    case internalError = "internal_error"
    case unknownStatus = "unknown_status"
    case httpError = "http_error"
    case malformedAnswer = "malformed_answer"
    case oversizedAnswer = "oversized_answer"

    // Nothing of the request reached it.
    case unreachable
    /// The time was up before its name was resolved or a connection was made.
    case notReachedInTime = "not_reached_in_time"
    case untrustedCertificate = "untrusted_certificate"
    /// PinGate itself has no room for the request, or is shutting down.
    case overloaded

    // The answer was lost.
    case connectionLost = "connection_lost"
    case timedOut = "timed_out"
  }

  public let kind: Kind
  /// The provider's own code, prefixed with the provider's name: "vonage-v1/9" or "vonage-v1/HTTP 503", as one would
  /// search for in its documentation; nil if it gave none.
  public let providerCode: String?
  /// What was tried, and what the C library or the provider's status said, for the operator: never a number, a PIN, a
  /// secret or the provider's free text.
  public let detail: String
  /// How long the provider asks to be left alone, if it says so.
  public let retryAfter: Duration?
  /// Whether certainly no message was sent: only then is the reservation of a send released.
  public private(set) var isCertainlyNotSent: Bool
  /// Whether the request to be sent again is over, and no other is known to have replaced it.
  public private(set) var hasEndedRequest = false

  public init(_ kind: Kind, code: String? = nil, detail: String, retryAfter: Duration? = nil) {
    self.kind = kind
    self.providerCode = code
    self.detail = detail
    self.retryAfter = retryAfter
    isCertainlyNotSent = kind.isCertainlyNotSent
  }

  /// The same failure, if it happened before a message was requested.
  public func beforeSending() -> VerifierFailure {
    var failure = self
    failure.isCertainlyNotSent = true
    return failure
  }

  /// The same failure, if the request to be sent again had already been ended.
  public func afterEndingRequest() -> VerifierFailure {
    var failure = self
    failure.hasEndedRequest = true
    return failure
  }
}

extension VerifierFailure.Kind {
  /// Whether the provider refused, or nothing reached it. A provider that failed internally, or whose answer makes no
  /// sense or was lost, may have sent the message anyway.
  public var isCertainlyNotSent: Bool {
    switch self {
    case .throttled, .invalidRequest, .badCredentials, .accountBarred, .quotaExceeded, .notPermitted,
      .featureNotEnabled,
      .cannotProcess, .unreachable, .notReachedInTime, .untrustedCertificate, .overloaded:
      true
    case .internalError, .unknownStatus, .httpError, .malformedAnswer, .oversizedAnswer, .connectionLost, .timedOut:
      false
    }
  }

  /// Whether the request counts for whoever made it, even though nothing was sent: the provider was asked, and
  /// otherwise could be asked forever about a number that always fails. It does not count if the provider was not
  /// reached, or if the owner's account is at fault.
  public var costsAsker: Bool {
    switch self {
    case .invalidRequest, .badCredentials, .accountBarred, .quotaExceeded, .featureNotEnabled, .unreachable,
      .notReachedInTime, .untrustedCertificate, .overloaded:
      false
    case .throttled, .notPermitted, .cannotProcess, .internalError, .unknownStatus, .httpError, .malformedAnswer,
      .oversizedAnswer, .connectionLost, .timedOut:
      true
    }
  }
}
