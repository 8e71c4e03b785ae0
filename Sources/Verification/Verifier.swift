/// A provider that sends PINs and checks them: the border between PinGate and Vonage, or another like it.
public protocol Verifier: Sendable {
  /// Asks the provider to make a PIN and send it to `number`. **This costs money** and is never retried once the
  /// request may have reached the provider.
  ///
  /// - Parameter languages: the visitor's languages, best first, as lower-case BCP 47 tags ("de-at", "de").
  func start(_ number: PhoneNumber, languages: [String]) async throws(VerifierFailure) -> StartOutcome

  /// Asks whether `code` is the PIN of `request`. A right code is used up by this, a wrong one counts as a try.
  func check(_ code: Code, of request: RequestID) async throws(VerifierFailure) -> CheckOutcome
}
