/// The provider could not be asked, or its answer was not one.
///
/// Nothing in it comes from the visitor and nothing of it is shown to one: it is for the operator's log.
public struct VerifierFailure: Error, Sendable, Hashable {
  /// What went wrong, in words that fit every provider. The raw values are the ends of codes in the log ("start.timed_out")
  /// and are kept in the store.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    // The provider answered and said no: nothing was sent.
    /// It is asked too often.
    case throttled
    /// It does not take what PinGate asked.
    case invalidRequest = "invalid_request"
    case badCredentials = "bad_credentials"
    case accountBarred = "account_barred"
    /// The account has no money left.
    case quotaExceeded = "quota_exceeded"
    /// The account may not do this, or not send to this number: a trial account, or a country that was not unlocked.
    case notPermitted = "not_permitted"
    /// The account has not what PinGate asks for, whoever the message is for: the owner can have it switched on.
    case featureNotEnabled = "feature_not_enabled"
    /// It will not do this one, for a reason of its own that may pass.
    case cannotProcess = "cannot_process"

    // It answered something else: nobody knows what it did.
    case internalError = "internal_error"
    case unknownStatus = "unknown_status"
    case httpError = "http_error"
    case malformedAnswer = "malformed_answer"
    case oversizedAnswer = "oversized_answer"

    // Nothing of the request reached it.
    case unreachable
    /// There was no time to ask it: its name was not looked up, or no connection made, before that was over.
    case notReachedInTime = "not_reached_in_time"
    case untrustedCertificate = "untrusted_certificate"
    /// PinGate itself has no room for the request, or is ending.
    case overloaded

    // The answer was lost.
    case connectionLost = "connection_lost"
    case timedOut = "timed_out"
  }

  public let kind: Kind
  /// The provider's own code with the provider's name, "vonage-v1/9" or "vonage-v1/HTTP 503", as its documentation is
  /// searched for; nil where it gave none.
  public let providerCode: String?
  /// What was tried and what the C library or the provider's status said, for the operator: never a number, a PIN, a
  /// secret or free text of the provider's.
  public let detail: String
  /// How long the provider asks to be left alone, if it says so.
  public let retryAfter: Duration?
  /// Whether no message was sent, for sure: only then is the reservation of a send released.
  public private(set) var isCertainlyNotSent: Bool
  /// Whether the request that was to be sent again is over, and no other is known to have taken its place.
  public private(set) var hasEndedRequest = false

  public init(_ kind: Kind, code: String? = nil, detail: String, retryAfter: Duration? = nil) {
    self.kind = kind
    self.providerCode = code
    self.detail = detail
    self.retryAfter = retryAfter
    isCertainlyNotSent = kind.isCertainlyNotSent
  }

  /// The same, where it happened before a message was asked for.
  public func beforeSending() -> VerifierFailure {
    var failure = self
    failure.isCertainlyNotSent = true
    return failure
  }

  /// The same, where the request that was to be sent again had been ended before.
  public func afterEndingRequest() -> VerifierFailure {
    var failure = self
    failure.hasEndedRequest = true
    return failure
  }
}

extension VerifierFailure.Kind {
  /// Whether the provider said no, or nothing reached it. A provider that broke down, whose answer makes no sense or was
  /// lost may have sent the message all the same.
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

  /// Whether whoever asked for the message pays for the asking, though nothing was sent: the provider was asked, and would be
  /// for ever, for a number that it fails at each time. Nobody pays where it was not reached, or where the owner's account
  /// is at fault.
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
