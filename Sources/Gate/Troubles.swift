internal import Threads
internal import Verification

/// Tells the owner about mistakes in how the web server asks: each kind when it is first seen, and again every ten minutes while
/// it lasts. Otherwise each page of a folder would be a line in the log.
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
