internal import Gateway
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
    return await send(order, visit, exchange) { () async throws(VerifierFailure) -> SendAgainOutcome in
      switch try await verifier.start(number, by: channel, languages: visit.languages) {
      case .started(let request): .sent(request)
      case .alreadyRunning(let request): .alreadyRunning(request)
      case .badNumber: .badNumber
      case .unsupportedDestination: .unsupportedDestination
      case .blocked: .blocked
      }
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
    let pass = form["form"].flatMap { forms.open($0) }.flatMap {
      visit.visitor.mayUse(formOf: $0.browserTag) ? $0 : nil
    }
    exchange.givenUp = pass?.givenUp
    guard typed.contains(where: { !$0.isWhitespace }) else { return .ending(.numberMissing) }

    let destination: Destination
    switch plan.read(typed) {
    case .accepted(let accepted): destination = accepted
    case .refused(let refusal):
      exchange.countries = refusal == .wrongCountry ? servedCountries : ""
      return .ending(.numberUnfit(refusal))
    }
    let number = destination.number
    exchange.number = number
    let channel: Channel = form["channel"] == Channel.call.rawValue ? .call : .text
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

  /// "US (+1), GB (+44)"; of a long list, the beginning.
  var servedCountries: String {
    let allowed = plan.countries.allowed
    let names = allowed.prefix(Self.mostCountries).map { country in
      plan.callingCode(of: country).map { "\(country) (+\($0))" } ?? "\(country)"
    }.joined(separator: ", ")
    let more = allowed.count - Self.mostCountries
    return more > 0 ? "\(names) and \(more) more" : names
  }

  private static let mostCountries = 12
}
