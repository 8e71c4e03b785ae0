/// One counter that a charge must pass and is added to.
public struct Rule: Sendable, Hashable {
  public let row: LimitRow
  public let key: CounterKey
  public let limit: Limit
  /// How long after the newest the next one may come, by how many there were in the window: the first gap after the
  /// first. The last gap holds for all later ones.
  public let gaps: [Duration]
  /// The gaps by which `Admission.next` is reckoned, where sending again is allowed sooner than starting again.
  public let gapsOfNext: [Duration]
  /// What the alarms are percentages of: the limit, or the whole of which it is a part.
  public let alarmLimit: Int
  /// Percentages of `alarmLimit` at which the charge that reaches them gives notice, once in a window each. At most 8.
  public let alarms: [Int]

  public init(
    _ row: LimitRow, _ key: CounterKey, _ limit: Limit, gaps: [Duration] = [], gapsOfNext: [Duration]? = nil,
    alarms: [Int] = [], alarmLimit: Int? = nil
  ) {
    self.row = row
    self.key = key
    self.limit = limit
    self.gaps = gaps
    self.gapsOfNext = gapsOfNext ?? gaps
    self.alarms = alarms
    self.alarmLimit = alarmLimit ?? limit.count
  }
}
