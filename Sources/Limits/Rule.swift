/// One counter that a reservation must pass and is added to.
public struct Rule: Sendable, Hashable {
  public let id: LimitID
  public let key: CounterKey
  public let limit: Limit
  /// How long after the newest the next one may come, by how many there were in the window: the first cooldown after the
  /// first one. The last cooldown holds for all later ones.
  public let cooldowns: [Duration]
  /// The cooldowns by which `Permit.next` is reckoned, where sending again is allowed sooner than starting again.
  public let cooldownsOfNext: [Duration]
  /// What the alarms are percentages of: the limit, or the whole of which it is a part.
  public let alarmLimit: Int
  /// Percentages of `alarmLimit` at which an alarm is raised, by whatever reaches them, once in a window each. At most 8.
  public let alarms: [Int]

  public init(
    _ id: LimitID, _ key: CounterKey, _ limit: Limit, cooldowns: [Duration] = [], cooldownsOfNext: [Duration]? = nil,
    alarms: [Int] = [], alarmLimit: Int? = nil
  ) {
    self.id = id
    self.key = key
    self.limit = limit
    self.cooldowns = cooldowns
    self.cooldownsOfNext = cooldownsOfNext ?? cooldowns
    self.alarms = alarms
    self.alarmLimit = alarmLimit ?? limit.count
  }
}
