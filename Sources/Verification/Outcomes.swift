/// The outcome of requesting a message, the first one or another.
public enum SendOutcome: Sendable, Hashable {
  /// A message is on its way: the first of a new request, or one more of the running request.
  case sent(RequestID)
  /// A request for this number is already running, and nothing more was sent.
  case alreadyRunning(RequestID)
  /// The provider permits another message only after this time.
  case tooEarly(Duration)
  /// The provider permits no other message until the running request has expired.
  case exhausted
  /// The provider does not know such a running request: it was canceled or verified. Nothing was sent.
  case gone
  /// The provider does not accept it as a phone number.
  case badNumber
  /// The provider cannot send to this number's network.
  case unsupportedDestination
  /// The provider refuses this number or its network as likely fraud.
  case blocked
}

/// The outcome of checking a code.
public enum CheckOutcome: Sendable, Hashable {
  case verified
  case wrongCode
  /// The code was wrong once too often: the provider ended the request.
  case tooManyWrongCodes
  /// The provider does not know such a running request: it expired, was canceled or was verified.
  case gone
}

/// The outcome of canceling a running request.
public enum CancelOutcome: Sendable, Hashable {
  case cancelled
  /// The provider permits it only after this time.
  case tooEarly(Duration)
  /// The provider no longer permits it: the request expires by itself.
  case tooLate
  /// It had already ended.
  case gone
}
