/// What came of asking for a message.
public enum StartOutcome: Sendable, Hashable {
  /// A message is on its way.
  case started(RequestID)
  /// A request for this number is running already, and nothing more was sent.
  case alreadyRunning(RequestID)
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
