internal import Gateway
internal import Limits
internal import Tokens
internal import Verification

/// `POST register`: a number is to get its first message.
extension Site {
  func register(_ form: Form, _ visit: Visit, _ exchange: consuming Exchange) async -> Response {
    let order: SendOrder
    switch registration(form, visit, &exchange) {
    case .order(let made): order = made
    case .ending(let ending): return answers.answer(ending, to: exchange)
    }
    let (number, channel) = (order.number, order.channel)
    return await send(order, visit, exchange) { () async throws(VerifierFailure) -> SendOutcome in
      try await verifier.start(number, by: channel, languages: visit.languages)
    }
  }

  private enum Registration {
    case order(SendOrder)
    case ending(Ending)
  }

  /// What the form comes to. Apart from the waiting for it, so that its locals are gone by then.
  @inline(never)
  private func registration(_ form: Form, _ visit: Visit, _ exchange: inout Exchange) -> Registration {
    let typed = form["number"] ?? ""
    exchange.writtenNumber = typed
    // A site may have a field of this name, too: what cannot be opened is its own.
    let pass = form.all("form").lazy.compactMap { self.forms.open($0) }.first {
      visit.visitor.mayUse(formOf: $0.browserTag)
    }
    exchange.givenUp = pass?.givenUp
    guard typed.contains(where: { !$0.isWhitespace }) else { return .ending(.numberMissing) }

    let channel: Channel = form["channel"] == Channel.call.rawValue ? .call : .text
    exchange.channel = channel
    let destination: Destination
    // A call is only offered for a number that the page has shown, which begins with +.
    let isOffered = channel == .call && typed.hasPrefix("+")
    switch plan.read(typed, isConfirmed: form["confirmed"] == "yes" || isOffered) {
    case .accepted(let accepted): destination = accepted
    case .unclear(let found):
      exchange.choices = found.map { choice($0) }
      return .ending(.numberUnclear)
    case .refused(let refusal, let owner):
      blame(refusal, owner, &exchange)
      return .ending(.numberUnfit(refusal))
    }
    let number = destination.number
    exchange.number = number
    guard destination.line == .mobile || channel == .call else {
      exchange.writtenNumber = plan.written(number)
      return .ending(.landline)
    }

    if let pass, pass.isOld(at: clock(), remembered: limiter.policy.nonceLife) { return .ending(.formTooOld) }

    let keys = limiter.keys
    let names = keys.keys(of: number, country: destination.country)
    let intent = SendIntent(
      number: names, visitor: visit.visitor.keys, nonce: pass.map { keys.form($0.nonce, number, named: names) })
    return .order(
      SendOrder(intent: intent, number: number, channel: channel, previous: nil, givenUp: pass?.givenUp))
  }

  /// A number that could be meant, as its button shows it.
  func choice(_ destination: Destination) -> ExchangeFacts.Choice {
    let name = CountryName.alone(destination.country)
    return ExchangeFacts.Choice(
      number: plan.written(destination.number),
      country: destination.line == .landline ? "\(name), landline" : name)
  }

  /// Says whose number it is, and whose are served.
  func blame(_ refusal: NumberRefusal, _ owner: Country?, _ exchange: inout Exchange) {
    guard refusal == .wrongCountry else { return }
    exchange.owner = owner.map { CountryName.inSentence($0) } ?? "this country"
    exchange.countries = "We send to numbers of \(servedCountries)."
  }

  /// "the United States (+1) and Canada (+1)"; of a long list, the beginning.
  private var servedCountries: String {
    let allowed = plan.countries.allowed
    var names = allowed.prefix(Self.mostCountries).map { country in
      let name = CountryName.inSentence(country)
      return plan.callingCode(of: country).map { "\(name) (+\($0))" } ?? name
    }
    let more = allowed.count - names.count
    if more > 0 { names.append("\(more) more") }
    let last = names.removeLast()  // a site serves one country at least
    return names.isEmpty ? last : names.joined(separator: ", ") + " and " + last
  }

  private static let mostCountries = 12
}
