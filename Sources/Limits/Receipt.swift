internal import Encoding

/// The proof that a charge was made, and what it was: with it the charge is given back or turned into a success.
///
/// It stays in the process that charged. One that is lost with it leaves the charge as it is.
public struct Receipt: Sendable, Hashable {
  /// Random, 16 bytes.
  package let id: [UInt8]
  /// When it was charged, in the limiter's time.
  package let time: Int64
  package private(set) var rules: [Rule]
  package let guards: [ConversionGuard]
  package let pair: Charge.Pair
  package let nonce: CounterKey?
  package let runningLife: Duration?

  package init(
    id: [UInt8], time: Int64, rules: [Rule], guards: [ConversionGuard], of charge: Charge
  ) {
    self.id = id
    self.time = time
    self.rules = rules
    self.guards = guards
    pair = charge.pair
    nonce = charge.nonce
    runningLife = charge.runningLife
  }

  /// The same charge without what its asker's address, net and browser have used up: given back so, it costs nothing but
  /// the asking, and who asks for ever is stopped.
  public var withoutAsker: Receipt {
    var receipt = self
    receipt.rules.removeAll(where: \.row.countsAsking)
    return receipt
  }

  /// 16 random bytes, in two system calls.
  package static func newID() -> [UInt8] {
    (0..<2).flatMap { _ in UInt64.random(in: .min ... .max).bigEndianBytes }
  }

  /// What a right try is given back to.
  package var rulesOfWrongOnly: [Rule] { rules.filter(\.row.countsWrongOnly) }

  /// For how long a charge can be given back: long after any provider has answered.
  package static let life: Duration = .seconds(3600)
}
