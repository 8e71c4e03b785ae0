internal import Threads
internal import Verification

/// Tells an owner what is wrong with how a web server asks: each kind of thing when it is seen, and again after a while if it
/// still is. A folder's pages would else be a line each.
final class Troubles: Sendable {
  private let told = Locked<[GateTrouble.Kind: Timestamp]>([:])
  private let pass: @Sendable (GateTrouble) -> Void

  init(_ pass: @escaping @Sendable (GateTrouble) -> Void) {
    self.pass = pass
  }

  func tell(_ trouble: GateTrouble, at now: Timestamp) {
    let isNew = told.with { told in
      if let last = told[trouble.kind], now - last < Self.interval, last <= now { return false }
      told[trouble.kind] = now
      return true
    }
    if isNew { pass(trouble) }
  }

  private static let interval: Duration = .seconds(600)
}
