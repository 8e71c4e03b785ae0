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
  public static let mostWaiting: Int64 = 10_000
  /// For how long one waits at most.
  package static let life: Duration = .seconds(3 * 86_400)
  /// Before the second try, the third, and so on: 17 hours in all. After the last the message is lost.
  public static let backoff: [Duration] = [5, 30, 120, 600, 1_800, 3_600, 7_200, 14_400, 28_800].map { .seconds($0) }
}

/// Where messages wait. Each has its own times: one that fails holds up no other. Whoever takes one has it alone for a
/// while, and says what became of it; whoever dies has brought it nowhere, or has not said so: then it is brought again.
public protocol OutboxStore: Sendable {
  /// Takes messages that are due, some of each age.
  ///
  /// - Parameter count: the most that are wanted; with none this only looks.
  func lease(_ outbox: CounterKey, atMost count: Int) async throws(StoreFailure) -> OutboxLease

  /// Says what became of one.
  ///
  /// - Returns: false when the time to say so was over, and somebody else may have it: then nothing has changed.
  @discardableResult
  func settle(
    _ outbox: CounterKey, _ message: OutboxLease.Message, _ end: OutboxLease.End
  ) async throws(StoreFailure) -> Bool

  /// Claims to be the one who looks after an outbox for a short while, so that there are not many; or no longer, with no
  /// time. Who lives long need not.
  ///
  /// - Returns: false when somebody else does.
  func attend(_ outbox: CounterKey, as name: [UInt8], for time: Duration) async throws(StoreFailure) -> Bool
}

extension OutboxStore {
  /// A store without outboxes: nothing waits there.
  public func lease(_ outbox: CounterKey, atMost count: Int) async throws(StoreFailure) -> OutboxLease { OutboxLease() }

  public func settle(
    _ outbox: CounterKey, _ message: OutboxLease.Message, _ end: OutboxLease.End
  ) async throws(StoreFailure) -> Bool { false }

  public func attend(_ outbox: CounterKey, as name: [UInt8], for time: Duration) async throws(StoreFailure) -> Bool {
    true
  }
}

/// Messages that were taken, and how it stands with the others.
public struct OutboxLease: Sendable, Hashable {
  public struct Message: Sendable, Hashable {
    /// Names it, as long as it is leased.
    package let number: Int64
    public let content: [UInt8]
    /// How often it was tried before.
    public let tries: Int

    package init(number: Int64, content: [UInt8], tries: Int) {
      self.number = number
      self.content = content
      self.tries = tries
    }
  }

  /// What became of one.
  public enum End: Sendable, Hashable {
    case delivered
    /// It failed, and is tried again after the next time of `OutboxMessage.backoff`.
    case failed
    /// It is given up.
    case lost
  }

  public package(set) var messages: [Message] = []
  /// How many were given up now, because they have waited for too long or cannot be read.
  public package(set) var unreadable = 0
  /// When there may be more to do; nil when nothing waits.
  public package(set) var next: Duration?
  /// For how many there was no room since that was last told of here, which happens once an hour at most: it is now.
  public package(set) var overflow: Int64 = 0
  /// How many wait, those that are leased included.
  public package(set) var waiting: Int64 = 0
  /// How many were lost, ever: there was no room for them, they were given up, or they have waited for too long.
  public package(set) var lost: Int64 = 0

  package init() {}

  /// How long messages are somebody's: longer than any try takes.
  package static let time: Duration = .seconds(60)
}
