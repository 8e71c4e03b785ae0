internal import Verification

/// What a page says about a number.
extension Flow {
  /// A number that the visitor could mean, as shown on its button.
  func choice(_ destination: Destination) -> OutcomeArguments.Choice {
    OutcomeArguments.Choice(
      number: plan.written(destination.number), country: destination.country, line: destination.line)
  }

  /// Names the country that the number belongs to, and the countries that are served.
  func explain(_ refusal: NumberRefusal, _ owner: Country?, _ context: RequestContext) {
    guard refusal == .wrongCountry else { return }
    context.arguments.owner = owner
    context.arguments.served = plan.countries.allowed.map { ($0, plan.callingCode(of: $0)) }
  }

  /// Whether the provider can also speak PINs in calls.
  var makesCalls: Bool { verifier.capabilities.channels.contains(.call) }

  func takesMessages(_ number: PhoneNumber) -> Bool {
    guard case .accepted(let destination) = plan.read("+" + number.digits, isConfirmed: true) else { return true }
    return destination.line == .mobile
  }
}
