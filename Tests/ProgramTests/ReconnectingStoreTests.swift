import Foundation
import Limits
import Logging
import Support
import Testing
import Threads

@testable import Program

@Suite(.timeLimit(.minutes(1)))
struct `A store that comes up late` {
  /// A clock and a store that tests set.
  ///
  /// Sendable, because what changes is only touched under the lock.
  private final class World: @unchecked Sendable {
    private let lock = Lock()
    private var time = ContinuousClock.now
    private var opened = 0
    private var closed = 0
    private var failure: StoreFailure?
    private var broken: (upTo: Int, StoreFailure)?

    init(_ failure: StoreFailure? = nil) { self.failure = failure }

    var tries: Int { lock.withLock { opened } }
    var ends: Int { lock.withLock { closed } }
    func close() { lock.withLock { closed += 1 } }
    func advance(_ duration: Duration) { lock.withLock { time += duration } }
    /// What every use and every opening meets from now on.
    func fail(_ failure: StoreFailure?) { lock.withLock { self.failure = failure } }
    /// What every use of those meets that are open now.
    func `break`(_ failure: StoreFailure) { lock.withLock { broken = (opened, failure) } }
    func now() -> ContinuousClock.Instant { lock.withLock { time } }

    func open() throws(StoreFailure) -> any CounterStore {
      lock.lock()
      defer { lock.unlock() }
      opened += 1
      if let failure { throw failure }
      return FakeStore(world: self, number: opened)
    }

    func answer(_ number: Int) throws(StoreFailure) {
      lock.lock()
      defer { lock.unlock() }
      if let broken, number <= broken.upTo { throw broken.1 }
      if let failure { throw failure }
    }
  }

  /// Counts nothing; fails as its world does.
  private struct FakeStore: CounterStore {
    let world: World
    let number: Int

    func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] {
      try world.answer(number)
      return []
    }
    func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision {
      throw StoreFailure(.busy, "")
    }
    func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) async throws(StoreFailure) -> Settlement {
      Settlement(isDone: false)
    }
    func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement { Settlement(isDone: false) }
    func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? { .zero }
    func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay? {
      nil
    }
    func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement { Settlement(isDone: false) }
    func close() async { world.close() }
  }

  private func store(_ world: World, _ log: Lines = Lines()) -> ReconnectingStore {
    ReconnectingStore(log: log.logger, now: { world.now() }, open: { _ throws(StoreFailure) in try world.open() })
  }

  private func failure(of store: ReconnectingStore) async -> StoreFailure? {
    do throws(StoreFailure) {
      _ = try await store.counts(of: [])
      return nil
    } catch {
      return error
    }
  }

  private let readOnly = StoreFailure(.readOnly, "the folder")

  @Test func `is opened once when it can be`() async {
    let world = World()
    let store = store(world)
    #expect(await failure(of: store) == nil)
    #expect(await failure(of: store) == nil)
    #expect(world.tries == 1)
  }

  @Test func `is opened by the first use in a program that may not need it`() async {
    let world = World()
    let log = Lines()
    let store = ReconnectingStore(
      log: log.logger, opening: .whenUsed, now: { world.now() },
      open: { _ throws(StoreFailure) in try world.open() })
    #expect(world.tries == 0)
    #expect(await failure(of: store) == nil)
    #expect(world.tries == 1)
    #expect(log.messages == [])
  }

  @Test func `is opened for all who come meanwhile`() async {
    let world = World()
    let log = Lines()
    let gate = DispatchSemaphore(value: 0)
    let store = ReconnectingStore(
      log: log.logger, opening: .whenUsed, now: { world.now() },
      open: { _ throws(StoreFailure) in
        gate.wait()
        return try world.open()
      })
    async let first = failure(of: store)
    async let second = failure(of: store)
    gate.signal()
    #expect(await [first, second] == [nil, nil])
    #expect(await failure(of: store) == nil)
    #expect(world.tries == 1)
    #expect(log.messages == [])
  }

  @Test func `fails the use that waited with the reason, and says so once`() async {
    let world = World(readOnly)
    let log = Lines()
    let store = ReconnectingStore(
      log: log.logger, opening: .whenUsed, now: { world.now() },
      open: { _ throws(StoreFailure) in try world.open() })
    #expect(await failure(of: store) == readOnly)
    #expect(await failure(of: store) == readOnly)
    #expect(world.tries == 1)
    #expect(log.messages == ["store.closed"])
  }

  @Test func `fails with the reason until it can be opened, and is tried once a second`() async {
    let world = World(readOnly)
    let log = Lines()
    let store = store(world, log)
    world.advance(.milliseconds(999))
    #expect(await failure(of: store) == readOnly)
    #expect(world.tries == 1)
    world.advance(.milliseconds(1))
    #expect(await failure(of: store) == readOnly)
    #expect(await failure(of: store) == readOnly)
    #expect(world.tries == 2)
    world.fail(nil)
    world.advance(.seconds(1))
    #expect(await failure(of: store) == nil)
    #expect(log.messages == ["store.closed", "store.opened"])
  }

  @Test func `tells of another reason, once`() async {
    let world = World(readOnly)
    let log = Lines()
    let store = store(world, log)
    world.fail(StoreFailure(.full, ""))
    for _ in 0..<3 {
      world.advance(.seconds(1))
      #expect(await failure(of: store)?.kind == .full)
    }
    #expect(log.messages == ["store.closed", "store.closed"])
  }

  @Test(arguments: StoreFailure.Kind.allCases, [false, true])
  func `is closed and opened anew, when the owner says so, where it cannot come back by itself, used or not`(
    kind: StoreFailure.Kind, isUsed: Bool
  ) async {
    let world = World()
    let log = Lines()
    let store = store(world, log)
    world.break(StoreFailure(kind, "broken"))
    if isUsed { #expect(await failure(of: store)?.kind == kind) }
    #expect(world.tries == 1)
    await store.renew(log: log.logger)
    guard [.replaced, .corrupt, .inputOutput].contains(kind) else {
      #expect((world.tries, world.ends) == (1, 0))
      #expect(log.messages == ["store.\(kind.rawValue)"])
      return
    }
    #expect((world.tries, world.ends) == (2, 1))
    #expect(await failure(of: store) == nil)
    #expect(log.messages == ["store.reopened"])
  }

  @Test func `goes on when the owner says so and nothing is wrong`() async {
    let world = World()
    let log = Lines()
    let store = store(world, log)
    await store.renew(log: log.logger)
    #expect(await failure(of: store) == nil)
    #expect((world.tries, world.ends) == (1, 0))
    #expect(log.messages == [])
  }

  @Test func `is tried at once when the owner says so, and says again why it cannot be opened`() async {
    let world = World(readOnly)
    let log = Lines()
    let store = store(world, log)
    await store.renew(log: log.logger)
    #expect(log.messages == ["store.closed", "store.closed"])
    world.fail(nil)
    await store.renew(log: log.logger)
    #expect(await failure(of: store) == nil)
    #expect(world.tries == 3)
    #expect(log.messages == ["store.closed", "store.closed", "store.opened"])
  }

  @Test func `that cannot be opened anew is tried again by those who use it`() async {
    let world = World()
    let log = Lines()
    let store = store(world, log)
    world.break(StoreFailure(.replaced, "deleted"))
    world.fail(readOnly)
    await store.renew(log: log.logger)
    #expect(log.messages == ["store.closed"])
    #expect(await failure(of: store) == readOnly)
    world.fail(nil)
    world.advance(.seconds(1))
    #expect(await failure(of: store) == nil)
    #expect((world.tries, world.ends) == (3, 1))
  }

  @Test func `says what becomes of it where the newest settings want it, and at their level`() async {
    let world = World()
    let (one, two) = (Lines(), Lines())
    let opened = Noted<Logger.Level>()
    let store = ReconnectingStore(
      log: one.logger, now: { world.now() },
      open: { log throws(StoreFailure) in
        opened.note(log.logLevel)
        return try world.open()
      })
    var quiet = two.logger
    quiet.logLevel = .critical
    await store.renew(log: quiet)
    world.break(StoreFailure(.replaced, "deleted"))
    world.fail(readOnly)
    await store.renew(log: quiet)
    world.fail(nil)
    world.advance(.seconds(1))
    #expect(await failure(of: store) == nil)
    #expect(one.messages == [])
    #expect(two.messages == ["store.closed"])
    #expect(opened.all == [.trace, .critical, .critical])
  }

  private let closed = StoreFailure(.unavailable, "it was closed")

  @Test func `is closed once, and never opened again`() async {
    let world = World()
    let store = store(world)
    #expect(await failure(of: store) == nil)
    for _ in 0..<2 { await store.close() }
    #expect(world.ends == 1)
    world.advance(.seconds(1))
    #expect(await failure(of: store) == closed)
    #expect(world.tries == 1)
  }

  @Test func `that was not opened when it was closed is never opened`() async {
    let world = World()
    let store = ReconnectingStore(
      log: Lines().logger, opening: .whenUsed, now: { world.now() },
      open: { _ throws(StoreFailure) in try world.open() })
    await store.close()
    #expect(await failure(of: store) == closed)
    #expect((world.tries, world.ends) == (0, 0))
  }

  @Test func `that comes open after it was closed is closed at once`() async {
    let world = World(readOnly)
    let (tries, tried) = AsyncStream.makeStream(of: Void.self)
    let gate = DispatchSemaphore(value: 0)
    gate.signal()  // for the first try
    let store = ReconnectingStore(
      log: Lines().logger, now: { world.now() },
      open: { _ throws(StoreFailure) in
        tried.yield()
        gate.wait()
        return try world.open()
      })
    world.fail(nil)
    world.advance(.seconds(1))
    async let first = failure(of: store)
    var iterator = tries.makeAsyncIterator()
    for _ in 0..<2 { await iterator.next() }
    async let closing: Void = store.close()
    // Whoever is not the first to try again has the reason at once.
    while await failure(of: store) != closed { await Task.yield() }
    #expect(world.ends == 0)
    gate.signal()
    await closing
    #expect((world.tries, world.ends) == (2, 1))
    #expect(await first == closed)
  }
}
