/// A provider that sends PINs and checks them: the border between PinGate and Vonage, or another like it.
public protocol Verifier: Sendable {
  /// Asks the provider to make a PIN and send it to `number`. **This costs money** and is never retried once the
  /// request may have reached the provider.
  ///
  /// - Parameter languages: the visitor's languages, best first, as lower-case BCP 47 tags ("de-at", "de").
  func start(
    _ number: PhoneNumber, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> StartOutcome

  /// Asks whether `code` is the PIN of `request`. A right code is used up by this, a wrong one counts as a try.
  func check(_ code: Code, of request: RequestID) async throws(VerifierFailure) -> CheckOutcome

  /// Asks for one more message of an attempt: the next one of its running request, or the first of a new request that
  /// takes its place. **This costs money**, as `start` does.
  func sendAgain(
    _ attempt: Attempt, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendAgainOutcome

  /// Ends the running request of an attempt that was given up, so that its number is free again and the provider does
  /// not wait for a PIN that nobody will enter. The attempt's times say whether a refusal came too early or too late.
  func cancel(_ attempt: Attempt) async throws(VerifierFailure) -> CancelOutcome
}
