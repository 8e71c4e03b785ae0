/// A store's answer to a charge.
public struct ChargeDecision: Sendable, Hashable {
  public enum Verdict: Sendable, Hashable {
    /// It is charged: go on, and then `finish` the receipt of a send, or `refund` it.
    case admitted(Admission)
    /// A limit is reached; nothing was charged.
    case refused(Refusal)
    /// The same form, or the same number in the same browser before its time, was charged already; nothing was charged.
    case repeated(Repeat)
    /// The request was verified before; nothing was charged.
    case used
  }

  public let verdict: Verdict
  /// What the owner should hear of, loudly.
  public let notices: [LimitNotice]

  public init(_ verdict: Verdict, notices: [LimitNotice] = []) {
    self.verdict = verdict
    self.notices = notices
  }
}

/// A charge that passed.
///
/// One reference, because it is kept by each function that waits for the provider.
public final class Admission: Sendable, Hashable {
  public let receipt: Receipt
  /// When the next one like it would pass, from now; nil when only the owner can clear the way.
  public let next: Duration?
  /// How many more each row admits now, not looking at gaps.
  public let left: RowsLeft
  /// What would have been refused, had the limits been enforced.
  public let wouldRefuse: Refusal?

  public init(receipt: Receipt, next: Duration?, left: RowsLeft, wouldRefuse: Refusal?) {
    self.receipt = receipt
    self.next = next
    self.left = left
    self.wouldRefuse = wouldRefuse
  }

  public static func == (one: Admission, other: Admission) -> Bool {
    one.receipt == other.receipt && one.next == other.next && one.left == other.left
      && one.wouldRefuse == other.wouldRefuse
  }

  public func hash(into hasher: inout Hasher) {
    hasher.combine(receipt)
  }
}

/// How many more each row admits.
///
/// Two short arrays: a dictionary takes three times the memory, and thousands of sends have one while they wait.
public struct RowsLeft: Sendable, Hashable {
  private let rows: [LimitRow]
  private let counts: [Int32]

  /// - Parameter counts: one for each of the rows.
  public init(_ rows: [LimitRow] = [], _ counts: [Int] = []) {
    self.rows = rows
    self.counts = counts.map { Int32(clamping: $0) }
  }

  /// Nil for a row that was not charged.
  public subscript(row: LimitRow) -> Int? {
    zip(rows, counts).filter { $0.0 == row }.map { Int($0.1) }.min()
  }
}

/// What became of an earlier charge that this one repeats.
public enum Repeat: Sendable, Hashable {
  /// It is still on its way, and its answer with it. Ask again shortly (`CounterStore.answer`), or let the visitor do
  /// so.
  case inFlight
  /// Its answer, as it was given to `finish`.
  case answered([UInt8])
  /// It never ended: its process died. Nobody knows whether the message was sent, and it stays charged.
  case lost
}
