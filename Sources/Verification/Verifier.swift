/// A provider that sends codes and checks them: the border between PinGate and Vonage, or another like it.
///
/// Who makes the code is the verifier's own business. A provider of verifications makes it and checks it; a verifier that
/// makes codes of its own and sends them by a gateway has the attempt to recognize them by.
public protocol Verifier: Sendable {
  /// Whose requests it makes and knows.
  var provider: Provider { get }

  /// What codes are like that are asked for from now on.
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

  /// Asks whether `code` is the one of an attempt's running request. A right code is used up by this, a wrong one counts as
  /// a try.
  func check(_ code: Code, of attempt: Attempt) async throws(VerifierFailure) -> CheckOutcome

  /// Asks for one more message of an attempt: the next one of its running request, or the first of a new request that
  /// takes its place. **This costs money**, as `start` does.
  func sendAgain(
    _ attempt: Attempt, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome

  /// Ends the running request of an attempt that was given up, so that its number is free again and the provider does
  /// not wait for a code that nobody will enter. The attempt's times say whether a refusal came too early or too late.
  func cancel(_ attempt: Attempt) async throws(VerifierFailure) -> CancelOutcome
}

/// What the codes of a verifier are like, and how they can reach a visitor.
public struct VerifierCapabilities: Sendable, Hashable {
  /// How many digits a code has, out of 4 to 10.
  public let codeLength: ClosedRange<Int>
  /// How long a code is good after it was made, if nothing ends it before.
  public let codeLifetime: Duration
  /// By what a message can be asked for; `text` always.
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
  /// As the owner has set it up: a text message, unless they chose otherwise.
  case text
  /// A telephone call in which a voice says the code.
  case call
}
