/// What came of asking for a message, a first one or another one.
public enum SendOutcome: Sendable, Hashable {
  /// A message is on its way: of a new request, or one more of the request that was running.
  case sent(RequestID)
  /// A request for this number is running already, and nothing more was sent.
  case alreadyRunning(RequestID)
  /// The provider permits another message only after this time.
  case tooEarly(Duration)
  /// The provider permits no other message until the running request has expired.
  case exhausted
  /// The provider knows no such running request: it was cancelled or verified before. Nothing was sent.
  case gone
  /// The provider does not take it for a telephone number.
  case badNumber
  /// The provider cannot send to this number's network.
  case unsupportedDestination
  /// The provider refuses this number or its network as likely fraud.
  case blocked
}

/// What came of checking a code.
public enum CheckOutcome: Sendable, Hashable {
  case verified
  case wrongCode
  /// The code was wrong once too often: the provider ended the request.
  case tooManyWrongCodes
  /// The provider knows no such running request: it expired, was cancelled or was verified before.
  case gone
}

/// What came of ending a running request.
public enum CancelOutcome: Sendable, Hashable {
  case cancelled
  /// The provider permits it only after this time.
  case tooEarly(Duration)
  /// The provider no longer permits it: the request ends by itself.
  case tooLate
  /// It had ended before.
  case gone
}
