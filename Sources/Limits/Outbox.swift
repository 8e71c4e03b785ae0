/// What is to be told to somebody outside, and waits in the store until it was: it is put there in the same step as what it
/// tells of (`OneTimeUse.message`), so that there is never one without the other.
public struct OutboxMessage: Sendable, Hashable {
  /// Names the outbox that it waits in.
  public let outbox: CounterKey
  public let content: [UInt8]

  /// - Precondition: at most `longest` bytes.
  public init(_ content: [UInt8], to outbox: CounterKey) {
    precondition(content.count <= Self.longest, "a message has at most \(Self.longest) bytes")
    self.outbox = outbox
    self.content = content
  }

  public static let longest = 1_024
  /// So many wait at most; what comes then is lost, and counted.
  package static let mostWaiting: Int64 = 10_000
  /// For how long one waits at most.
  package static let life: Duration = .seconds(3 * 86_400)
}

/// Where messages wait, in their order: one process at a time takes the oldest of them, for as long as its lease lasts.
/// Whoever dies with a lease has brought them nowhere, or has not said so: then they are brought again.
public protocol OutboxStore: Sendable {
  /// Takes the oldest messages, unless somebody else has them or it is too early for another try.
  ///
  /// - Parameters:
  ///   - count: the most that are wanted.
  ///   - time: how long nobody else gets them.
  func lease(_ outbox: CounterKey, atMost count: Int, for time: Duration) async throws(StoreFailure) -> OutboxLease

  /// Says what became of them, and gives back the others.
  ///
  /// - Returns: false when the lease was over, and somebody else has them: then nothing has changed.
  @discardableResult
  func settle(_ outbox: CounterKey, _ settlement: OutboxSettlement) async throws(StoreFailure) -> Bool
}

extension OutboxStore {
  /// A store without outboxes: nothing waits there.
  public func lease(
    _ outbox: CounterKey, atMost count: Int, for time: Duration
  ) async throws(StoreFailure) -> OutboxLease { OutboxLease(id: []) }

  public func settle(_ outbox: CounterKey, _ settlement: OutboxSettlement) async throws(StoreFailure) -> Bool { false }
}

/// Messages that were taken.
public struct OutboxLease: Sendable, Hashable {
  /// Random, 16 bytes.
  public let id: [UInt8]
  /// The oldest first; nil in the place of one that has waited for too long, or cannot be read. Empty when there is nothing to do.
  public let messages: [[UInt8]?]
  /// How often the first one was tried before.
  public let tries: Int
  /// When there may be more to do; nil when nothing waits.
  public let next: Duration?
  /// How many were lost, ever: there was no room for them, they were given up, or they have waited for too long.
  public let lost: Int64

  package init(id: [UInt8], messages: [[UInt8]?] = [], tries: Int = 0, next: Duration? = nil, lost: Int64 = 0) {
    self.id = id
    self.messages = messages
    self.tries = tries
    self.next = next
    self.lost = lost
  }
}

/// What became of messages that were taken.
public struct OutboxSettlement: Sendable, Hashable {
  /// What is done with the one behind those that are done with.
  public enum Next: Sendable, Hashable {
    /// There was none, or it was not tried.
    case untried
    /// It failed, and is tried again after this time.
    case again(Duration)
    /// It is given up.
    case lost
  }

  public let lease: [UInt8]
  /// How many of the oldest are done with.
  public let done: Int
  /// How many of those were not brought there.
  public let lost: Int
  public let next: Next

  public init(of lease: OutboxLease, done: Int, lost: Int = 0, next: Next) {
    self.lease = lease.id
    self.done = done
    self.lost = lost
    self.next = next
  }
}
