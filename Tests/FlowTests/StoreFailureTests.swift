import Gateway
import HTTPTypes
import LimitEngine
import Limits
import Logging
import Testing
import Verification

@testable import Flow
@testable import Pages

@Test(arguments: StoreFailure.Kind.allCases)
func `without its store a site sends and accepts nothing, and the rest goes on`(kind: StoreFailure.Kind) async throws {
  let test = try TestSite(store: ClosedStore(StoreFailure(kind, "the disk is gone")))
  let isPassing = kind == .busy || kind == .overloaded
  let other = try TestSite()
  let page = await Browser(other).register()
  let sent = await Browser(test).register()
  let checked = await test.post("/verify", "requestId=\(try #require(page.token))&pin=123456")
  other.clock.advance(by: .seconds(30))
  let again = await test.post("/resend", "requestId=\(try #require(page.token))")
  for response in [sent, checked, again] {
    #expect(response.status == .serviceUnavailable)
    #expect(response.heading == (isPassing ? "Very busy right now" : "Not available right now"))
    #expect(response.retryAfter == (isPassing ? "5" : "60"))
    #expect(!response.text.contains("the disk"))
  }
  #expect(test.verifier.started.isEmpty && test.verifier.checked.isEmpty && test.verifier.sentAgain.isEmpty)
  #expect(test.log.lines.map(\.message) == Array(repeating: "store.\(kind.rawValue)", count: 3))
  #expect(
    test.log.lines.allSatisfy {
      $0.level == (isPassing ? .error : .critical) && $0.metadata["detail"] == "the disk is gone"
    })
  #expect(await test.get("/").status == .ok)
  #expect(await Browser(test).register("hello").status == .unprocessableContent)
}

@Test func `a message that was sent is not taken back when the store fails afterwards`() async throws {
  let test = try TestSite(store: FailingStore(.commit))
  let page = await Browser(test).register()
  #expect(page.status == .ok && page.heading == "Enter your PIN")
  #expect(test.log.lines.map(\.message) == ["start.sent", "store.full"])
}

@Test func `a reservation that cannot be given back stays`() async throws {
  let test = try TestSite(store: FailingStore(.release))
  test.verifier.onStart(.success(.badNumber))
  #expect(await Browser(test).register().status == .unprocessableContent)
  #expect(test.log.lines.map(\.message) == ["store.full", "number.refused"])
}

@Test func `a store that cannot tell how long to wait is told of, and the answer is given all the same`() async throws {
  let test = try TestSite(store: FailingStore(.wait))
  test.verifier.onStart(.failure(VerifierFailure(.timedOut, detail: "detail")))
  #expect(await Browser(test).register().status == .gatewayTimeout)
  #expect(test.log.lines.map(\.message) == ["store.full", "start.timed_out"])
  #expect(test.log.lines.first?.metadata["operation"] == "wait")
}

@Test func `a right PIN that cannot be consumed is no success`() async throws {
  let test = try TestSite(store: FailingStore(.consume))
  let browser = Browser(test)
  let response = try await browser.verify(await browser.register())
  #expect(response.status == .serviceUnavailable)
  #expect(response.heading == "Not available right now")
}

@Test(arguments: ["/register", "/verify", "/resend", "/call", "/cancel"])
func `what an answer needs is had before anything is reserved`(path: String) async throws {
  let other = try TestSite()
  let token = try #require(await Browser(other).register().token)
  // What its log says of the store whenever the answer is secured: nothing, as long as it was not asked.
  let moments = Moments()
  let test = try TestSite(
    store: ClosedStore(StoreFailure(.unavailable, "closed")), secureAnswer: { moments.note() })
  moments.lines = { test.log.lines.count }
  test.clock.advance(by: .seconds(30))
  _ = await test.get("/")
  #expect(moments.all == [])
  _ = await test.post(path, "number=%2B12025550143&requestId=\(token)&pin=123456")
  #expect(moments.all == [0])
  #expect(test.log.lines.count > 0)
}

private final class Moments: @unchecked Sendable {
  // Sendable because the test has one request at a time.
  var lines: () -> Int = { 0 }
  private(set) var all: [Int] = []

  func note() { all.append(lines()) }
}

/// A store on which one operation fails.
private final class FailingStore: CounterStore {
  enum Operation { case commit, release, consume, wait }

  private let folder: StoreFolder
  private let store: any CounterStore
  private let operation: Operation

  init(_ operation: Operation) throws {
    self.operation = operation
    folder = try StoreFolder()
    let clock = SettableClock()
    store = try folder.open { MachineTime(boot: [1], sinceBoot: 1000, wall: clock.now.secondsSinceEpoch * 1000) }
  }

  private func fail(_ operation: Operation) throws(StoreFailure) {
    if operation == self.operation { throw StoreFailure(.full, "no room") }
  }

  func reserve(_ request: ReservationRequest) async throws(StoreFailure) -> ReservationDecision {
    try await store.reserve(request)
  }
  func commit(_ reservation: Reservation, answer: [UInt8], wasSent: Bool) async throws(StoreFailure) -> Settlement {
    try fail(.commit)
    return try await store.commit(reservation, answer: answer, wasSent: wasSent)
  }
  func release(_ reservation: Reservation) async throws(StoreFailure) -> Settlement {
    try fail(.release)
    return try await store.release(reservation)
  }
  func wait(for request: ReservationRequest) async throws(StoreFailure) -> Duration? {
    try fail(.wait)
    return try await store.wait(for: request)
  }
  func answer(nonce: CounterKey?, pair: ReservationRequest.Pair) async throws(StoreFailure) -> IdempotentReplay? {
    try await store.answer(nonce: nonce, pair: pair)
  }
  func consume(_ use: OneTimeUse) async throws(StoreFailure) -> Settlement {
    try fail(.consume)
    return try await store.consume(use)
  }
  func counts(of rules: [Rule]) async throws(StoreFailure) -> [Count] {
    try await store.counts(of: rules)
  }
  func close() async { await store.close() }
}
