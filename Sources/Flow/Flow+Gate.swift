internal import Gate
internal import Gateway
internal import Logging
internal import Tokens
internal import Verification

/// What the gate has of a success, and what ends it.
extension Flow {
  /// Hands out the proof that the number was verified just now.
  func handOutProof(of attempt: Attempt, _ context: RequestContext) {
    guard let gate, let carrier = context.proofCarrier else { return }
    context.proofCookie = gate.proofField(
      for: attempt.number, by: attempt.lastChannel == .call ? .call : .text, ticket: nil, isRemembered: false,
      answering: carrier, at: clock())
    if context.proofCookie == nil {
      log.error(
        "gate.no_proof",
        metadata: [
          "exchange": "\(context.reference)",
          "reason": carrier.isAllowed
            ? "it cannot be signed" : "the visitor came by plain HTTP: see PINGATE_INSECURE_PROOF",
        ])
    }
  }

  /// `POST signout`: takes the proof away from this browser.
  func signOut(_ request: Request) -> Conclusion {
    if let foreign = foreign(request) { return foreign }
    let context = RequestContext(Representation(wantedBy: request))
    context.proofCookie = gate.flatMap { $0.endingField(answering: $0.carrier(of: request)) }
    return concluder.conclude(.signedOut, context)
  }
}
