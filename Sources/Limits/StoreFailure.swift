/// The store could not do what it was asked for. Nothing may be sent and no PIN accepted on the strength of it.
///
/// When it is thrown, the reservation was not made, or it was made and nobody knows of it: never the other way round.
public struct StoreFailure: Error, Sendable, Hashable {
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// It is not there or does not answer.
    case unavailable
    /// Others kept it busy for longer than may be waited.
    case busy
    /// More is waiting for it in this process than it can answer in time.
    case overloaded
    /// There is no room left.
    case full
    case readOnly = "read_only"
    /// Reading or writing failed.
    case inputOutput = "io"
    /// What stands in it cannot have been written by this program.
    case corrupt
    /// A record of it cannot have been written by this program: what needs that record fails, and nothing else does.
    case damaged
    /// It is not the one that was opened: somebody deleted, replaced or emptied it under way.
    case replaced
    /// A PinGate that keeps it in another form made it, or another program.
    case incompatible
    /// It refuses this user, or can be changed by everybody.
    case notPermitted = "not_permitted"
    /// It is set up so that it would forget reservations.
    case unsuitable
    /// No replica confirmed the reservation in time: it would be lost with the primary.
    case unconfirmed
  }

  public let kind: Kind
  /// What was tried and what the library said, for the operator: no key, no value, no secret.
  public let detail: String

  public init(_ kind: Kind, _ detail: String) {
    self.kind = kind
    self.detail = detail
  }

  /// The stable name of this failure, for logs and alarms: "store.full".
  public var code: String { "store." + kind.rawValue }
}

extension StoreFailure: CustomStringConvertible {
  public var description: String { code + ": " + detail }
}
