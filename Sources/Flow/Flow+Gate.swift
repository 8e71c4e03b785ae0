internal import Gate
internal import Gateway
internal import HTTPTypes
internal import Logging
internal import Tokens
internal import Verification

/// The gate's part in a visit: where the visitor came from, which browser it is, and what a success yields.
extension Flow {
  /// The first page for a visitor sent by the gate; nil for any other, and for a ticket that was not sealed here.
  func entryPage(for request: Request) -> Reception? {
    guard let gate, let sealed = Self.ticket(inQuery: request.parameters["QUERY_STRING"]),
      let ticket = gate.ticket(sealed)
    else { return nil }
    return .entryPage(sealed, lostForm: ticket.lostForm)
  }

  /// Adds what the gate needs from a form's request to its context.
  ///
  /// - Parameter isForMessage: whether the form asks for a message: only then does a proof that it brings count for
  ///   anything, and only then are signatures checked.
  func enter(_ context: RequestContext, _ request: Request, _ form: Form, isForMessage: Bool) {
    guard let gate else { return }
    context.proofCarrier = gate.carrier(of: request)
    context.isRemembered = form["remember"] == "yes"
    context.proofSubject = isForMessage ? gate.provedSubject(in: request, at: clock()).map(keys.proved) : nil
    // The site's own first page has no field for it; then it is in the URL of that page.
    let sealed =
      form.all(Gate.field)
      + [Self.ticket(inQuery: request.parameters["HTTP_REFERER"].flatMap(Self.query))]
      .compactMap(\.self)
    context.ticket = sealed.lazy.compactMap { gate.ticket($0) }.first
    let brought = gate.bond(of: request)
    context.bond = brought ?? BrowserID()
    // Another tab's nonce is kept as long as this tab's attempt needs it.
    context.bondCookie = context.bond.map { gate.bondField($0, answering: request) }
    context.endOfBond = gate.endOfBondField(answering: request)
    if brought == nil, form["requestId"] != nil { context.bondCookie = nil }
  }

  /// The proof for a number that was verified just now; nil without a gate.
  func proof(of attempt: Attempt, _ context: RequestContext) -> Proof? {
    gate?.proof(
      for: attempt.number, of: isForUsers ? context.user : nil, listedAs: context.listedNumber,
      by: attempt.lastChannel == .call ? .call : .text,
      ticket: context.ticket, isRemembered: context.isRemembered, at: clock())
  }

  /// Lets a visitor pass whose number was just verified: issues the proof and sends them where they wanted to go, with
  /// a return token for a site that cannot read the proof's cookie, if the owner wants one.
  func pass(_ context: RequestContext) {
    guard let gate, let proof = context.proof, let carrier = context.proofCarrier else { return }
    context.bondCookie = context.endOfBond
    context.proofCookies = gate.field(for: proof, answering: carrier).map { [$0] } ?? []
    if settings.givesReturnTokens { context.arguments.returnToken = returnTokens.seal(ReturnToken(proof)) ?? "" }
    guard context.proofCookies.isEmpty else {
      // The ticket may be old: the owner may have removed the host from the list since.
      if let target = context.ticket?.target, gate.mayReturn(to: target, by: carrier) {
        context.destination = ReturnAddress.adding(context.arguments.returnToken, to: target)
      }
      return
    }
    // Without a proof they would only be sent back here.
    log.error(
      "gate.no_proof",
      metadata: [
        "exchange": "\(context.reference)", "reason": "\(Self.reasonForNoProof(proof, carrier, gate.longestPurpose))",
      ])
  }

  private static func reasonForNoProof(_ proof: Proof, _ carrier: ProofCarrier, _ longestPurpose: Int) -> String {
    guard carrier.isAllowed else { return "the visitor came by plain HTTP: see PINGATE_INSECURE_PROOF" }
    guard proof.purpose.utf8.count <= longestPurpose else {
      return "the folder's PINGATE_PURPOSE has more than \(longestPurpose) characters, which makes the cookie too long"
    }
    return "it cannot be signed"
  }

  /// `POST signout`: deletes all of this browser's proofs.
  func signOut(_ request: Request) -> Conclusion {
    if let foreign = foreign(request) { return foreign }
    let context = RequestContext(Representation(wantedBy: request))
    context.proofCookies = gate?.endingFields(answering: request) ?? []
    return concluder.conclude(.signedOut, context)
  }

  // MARK: Addresses

  /// The sealed ticket in a query; anything that others append to a URL is ignored.
  private static func ticket(inQuery query: String?) -> String? {
    let name = Gate.field + "="
    return query?.split(separator: "&").first { $0.hasPrefix(name) }.map { String($0.dropFirst(name.utf8.count)) }
  }

  private static func query(of address: String) -> String? {
    address.firstIndex(of: "?").map { String(address[address.index(after: $0)...]) }
  }
}
