internal import LibPhoneNumber
internal import Verification

extension FuzzTarget {
  /// A number as people type or paste it: what is accepted is of a country that is served, and is accepted again in each way
  /// that PinGate writes it.
  ///
  /// The first byte says where home is.
  static let typedNumber = FuzzTarget(name: "typed-number") { input in
    guard let first = input.first else { return }
    let plan = plans[Int(first) % plans.count]
    let text = Array(input.dropFirst()).text
    for isConfirmed in [false, true] {
      switch plan.read(text, isConfirmed: isConfirmed) {
      case .refused: break
      case .accepted(let destination): try check(destination, plan)
      case .unclear(let destinations):
        try require(!isConfirmed && !destinations.isEmpty, "a question about nothing")
        for destination in destinations { try check(destination, plan) }
      }
    }
  }

  private static let plans: [LibPhoneNumber] = [
    ("US", "US CA"), ("DE", "DE"), ("GB", "GB GG JE IM"), ("IT", "IT VA"), ("AR", "AR MX BR"), ("BJ", "BJ RU KZ"),
  ].compactMap { home, allowed in
    let countries = allowed.split(separator: " ").compactMap { Country(String($0)) }
    // All of them are known.
    return ServedCountries(home: Country(home), allowed: countries).flatMap { try? LibPhoneNumber($0) }
  }

  private static func check(_ destination: Destination, _ plan: LibPhoneNumber) throws {
    try require(plan.countries.allowed.contains(destination.country), "a country that is not served")
    for text in ["+" + destination.number.digits, plan.written(destination.number)] {
      let again = plan.read(text, isConfirmed: true)
      try require(again == .accepted(destination), "\(text) is read as \(again)")
    }
  }
}
