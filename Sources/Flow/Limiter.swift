public import Limits
public import Tokens

/// Says what may be sent and tried, and counts it: the policy's questions put to the store.
public struct Limiter: Sendable {
  let store: any CounterStore
  let policy: LimitsPolicy
  let keys: CounterKeys
  let notify: @Sendable (LimitNotice) -> Void

  /// - Parameters:
  ///   - notify: is told once of each thing that the owner should hear of; it must return at once.
  public init(
    store: any CounterStore, policy: LimitsPolicy, keys: CounterKeys,
    notify: @escaping @Sendable (LimitNotice) -> Void
  ) {
    self.store = store
    self.policy = policy
    self.keys = keys
    self.notify = notify
  }
}
