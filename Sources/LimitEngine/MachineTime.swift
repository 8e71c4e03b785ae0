/// What one machine's clocks say.
public struct MachineTime: Sendable, Hashable {
  /// What names this run of the machine: its boot. At most 128 bytes.
  public let boot: [UInt8]
  /// Milliseconds since that boot, time asleep included: a clock that nobody can set.
  public let sinceBoot: Int64
  /// The wall clock, in milliseconds since 1970. Anybody may set it.
  public let wall: Int64

  public init(boot: [UInt8], sinceBoot: Int64, wall: Int64) {
    self.boot = boot
    self.sinceBoot = sinceBoot
    self.wall = wall
  }
}
