/// What is decided of a request for a reservation.
///
/// - Parameter Leave: how it says that the reservation was made.
public struct Decision<Leave: Sendable>: Sendable {
  public enum Result: Sendable {
    /// It is reserved: go on, and then `commit` the reservation of a send, or `release` it.
    case permitted(Leave)
    /// A limit is reached; nothing was reserved.
    case refused(Refusal)
    /// The same form was sent before, or the same number from the same browser within its cooldown; nothing was reserved.
    case replayed(IdempotentReplay)
    /// The request was verified before; nothing was reserved.
    case consumed
  }

  public let result: Result
  /// What the owner should hear of, loudly.
  public let notices: [LimitNotice]

  public init(_ result: Result, notices: [LimitNotice] = []) {
    self.result = result
    self.notices = notices
  }

  /// The same with the leave in another form.
  package func map<Other>(_ body: (Leave) -> Other) -> Decision<Other> {
    switch result {
    case .permitted(let leave): Decision<Other>(.permitted(body(leave)), notices: notices)
    case .refused(let refusal): Decision<Other>(.refused(refusal), notices: notices)
    case .replayed(let earlier): Decision<Other>(.replayed(earlier), notices: notices)
    case .consumed: Decision<Other>(.consumed, notices: notices)
    }
  }
}

extension Decision: Equatable where Leave: Equatable {}
extension Decision: Hashable where Leave: Hashable {}
extension Decision.Result: Equatable where Leave: Equatable {}
extension Decision.Result: Hashable where Leave: Hashable {}

/// A store's answer to the request for a reservation.
public typealias ReservationDecision = Decision<Permit>

/// Leave to send or to try: the reservation was made.
///
/// One reference, because it is kept by each function that waits for the provider.
public final class Permit: Sendable, Hashable {
  public let reservation: Reservation
  /// When the next one like it would pass, from now; nil when only the owner can clear the way.
  public let next: Duration?
  /// How many more each limit admits now, not looking at cooldowns.
  public let left: LimitsLeft
  /// What would have been refused, had the limits been enforced.
  public let wouldRefuse: Refusal?

  public init(reservation: Reservation, next: Duration?, left: LimitsLeft, wouldRefuse: Refusal?) {
    self.reservation = reservation
    self.next = next
    self.left = left
    self.wouldRefuse = wouldRefuse
  }

  public static func == (one: Permit, other: Permit) -> Bool {
    one.reservation == other.reservation && one.next == other.next && one.left == other.left
      && one.wouldRefuse == other.wouldRefuse
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(reservation)
  }
}

/// How many more each limit admits.
///
/// Two short arrays: a dictionary takes three times the memory, and thousands of sends have one while they wait.
public struct LimitsLeft: Sendable, Hashable {
  private let ids: [LimitID]
  private let counts: [Int32]

  /// - Parameter counts: one for each of the ids.
  public init(_ ids: [LimitID] = [], _ counts: [Int] = []) {
    self.ids = ids
    self.counts = counts.map { Int32(clamping: $0) }
  }

  /// Nil for one that nothing was reserved of.
  public subscript(id: LimitID) -> Int? {
    zip(ids, counts).filter { $0.0 == id }.map { Int($0.1) }.min()
  }
}

/// What became of an earlier send that is asked for again: its answer, and never a second message.
public enum IdempotentReplay: Sendable, Hashable {
  /// It is still on its way, and its answer with it. Ask again shortly (`CounterStore.answer`), or let the visitor do
  /// so.
  case pending
  /// Its answer, as it was given to `commit`.
  case answered([UInt8])
  /// It never ended: its process died. Nobody knows whether the message was sent, and it stays counted.
  case lost
}
