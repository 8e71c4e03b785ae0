public import Limits

/// One empty store that a clause of the contract is held against.
public protocol StoreFixture: Sendable {
  var clock: ManualClock { get }
  /// Opens it: each call is another process's or machine's view of the same counters.
  func open() throws -> any CounterStore & StoreAdmin
}
