/// A provider that sends codes and checks them: the boundary between PinGate and Vonage or a similar service.
///
/// Who makes the code is up to the verifier. A verification provider makes and checks it. A verifier that makes its own
/// codes and sends them through a gateway recognizes them by the attempt.
public protocol Verifier: Sendable {
  /// The provider whose requests it makes and knows.
  var provider: Provider { get }

  /// The properties of codes requested from now on.
  var capabilities: VerifierCapabilities { get }

  /// Asks the provider to make a code and send it to `number`. **This costs money** and is never retried once the
  /// request may have reached the provider.
  ///
  /// - Parameters:
  ///   - channel: one of the capabilities' channels.
  ///   - languages: the visitor's languages, best first, as lower-case BCP 47 tags ("de-at", "de").
  func start(
    _ number: PhoneNumber, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome

  /// Asks whether `code` is that of an attempt's running request. This uses up a correct code, and counts a wrong one
  /// as a try.
  func check(_ code: Code, of attempt: Attempt) async throws(VerifierFailure) -> CheckOutcome

  /// Requests one more message for an attempt: the next one of its running request, or the first of a new request that
  /// replaces it. **This costs money**, like `start`.
  func sendAgain(
    _ attempt: Attempt, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome

  /// Cancels the running request of an attempt that was given up, so that its number is free again and the provider
  /// does not wait for a code that nobody will enter. The attempt's times tell whether a refusal came too early or too
  /// late.
  func cancel(_ attempt: Attempt) async throws(VerifierFailure) -> CancelOutcome
}

/// The properties of a verifier's codes, and how they can reach a visitor.
public struct VerifierCapabilities: Sendable, Hashable {
  /// How many digits a code has, within 4 to 10.
  public let codeLength: ClosedRange<Int>
  /// How long a code is valid after it was made, unless something ends it earlier.
  public let codeLifetime: Duration
  /// The channels that a message can be requested through; always includes `text`.
  public let channels: Set<Channel>

  public init(codeLength: ClosedRange<Int>, codeLifetime: Duration, channels: Set<Channel>) {
    precondition(codeLength.lowerBound >= 4 && codeLength.upperBound <= 10, "a code has 4 to 10 digits")
    self.codeLength = codeLength
    self.codeLifetime = codeLifetime
    self.channels = channels.union([.text])
  }
}

/// How a code reaches the visitor.
public enum Channel: String, Sendable, Hashable, CaseIterable {
  /// As the owner has configured it: a text message, unless they chose something else.
  case text
  /// A phone call in which a voice says the code.
  case call
}
