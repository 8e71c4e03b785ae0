import Foundation
import Gateway
import HTTPTypes
import Limits
import Testing
import Threads
import Verification

@testable import Flow
@testable import Pages

@Test func `another number ends the running request and shows the form with the number`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(31))
  let form = try await browser.press("cancel", on: page)
  #expect(form.status == .ok)
  #expect(form.heading == "Verify your phone number")
  #expect(form.text.contains(#"value="+1 202-555-0143""#))
  #expect(form.form != nil)
  #expect(test.verifier.cancelled.map(\.requestID) == [.test])
  let next = await browser.register("+1 202 555 0199", form: form.form)
  #expect(next.heading == "Enter your PIN")
  #expect(test.verifier.started.map(\.number.digits) == ["12025550143", "12025550199"])
}

@Test func `a request that is too young is cancelled as soon as the provider permits it`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCancel(.success(.tooEarly(.seconds(25))))
  let (reached, arrive) = AsyncStream.makeStream(of: Duration.self)
  test.pauses.meanwhile { [verifier = test.verifier] wait in
    verifier.onCancel(.success(.cancelled))
    arrive.yield(wait)
  }
  let form = try await browser.press("cancel", on: page)
  #expect(form.heading == "Verify your phone number")
  var waits = reached.makeAsyncIterator()
  #expect(await waits.next() == .seconds(25))
  while test.verifier.cancelled.count < 2 { await Task.yield() }
  #expect(test.verifier.cancelled.map(\.requestID) == [.test, .test])
}

@Test func `pressed often, it waits once`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCancel(.success(.tooEarly(.seconds(25))))
  let (gate, open) = AsyncStream.makeStream(of: Void.self)
  test.pauses.meanwhile { _ in for await _ in gate {} }
  for _ in 0..<5 { #expect(try await browser.press("cancel", on: page).status == .ok) }
  #expect(test.verifier.cancelled.count == 1)
  open.finish()
}

@Test(arguments: [CancelOutcome.cancelled, .gone, .tooLate])
func `a request is ended once, however often it is given up`(outcome: CancelOutcome) async throws {
  let test = try TestSite()
  let other = try TestSite(store: test.store)
  let page = await Browser(test).register()
  test.clock.advance(by: .seconds(31))
  for site in [test, other, test] {
    site.verifier.onCancel(.success(outcome))
    for _ in 0..<3 {
      #expect(try await Browser(site).press("cancel", on: page).heading == "Verify your phone number")
    }
  }
  #expect(test.verifier.cancelled.count == 1 && other.verifier.cancelled.isEmpty)
}

@Test(arguments: VerifierFailure.Kind.allCases)
func `a cancel that fails does not hold the visitor up`(kind: VerifierFailure.Kind) async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCancel(.failure(VerifierFailure(kind, detail: "detail")))
  #expect(try await browser.press("cancel", on: page).heading == "Verify your phone number")
  #expect(test.log.lines.contains { $0.message == "cancel.\(kind.rawValue)" })
}

@Test func `the same number again after a cancel waits for its cooldown, and never gets the dead page`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.clock.advance(by: .seconds(31))
  let form = try await browser.press("cancel", on: page)
  let early = await browser.register(form: form.form)
  #expect(early.status == .tooManyRequests)
  #expect(early.retryAfter == "29")
  #expect(early.text.contains("You can get a new one for this number in 29 seconds."))
  #expect(test.verifier.started.count == 1)
  test.clock.advance(by: .seconds(29))
  #expect(await browser.register(form: early.form).heading == "Enter your PIN")
  #expect(test.verifier.started.count == 2)
}

/// What a program of one request leaves to another process. Safe to share: it is only touched under the lock.
private final class Left: @unchecked Sendable {
  private let lock = Lock()
  private var tokens: [String] = []

  var all: [String] { lock.withLock { tokens } }
  func add(_ token: String) { lock.withLock { tokens.append(token) } }
}

struct `A program of one request` {
  @Test func `leaves the end of a request that is too young to another, which ends it`() async throws {
    let left = Left()
    let test = try TestSite(leave: { left.add($0) })
    let browser = Browser(test)
    let page = await browser.register()
    test.verifier.onCancel(.success(.tooEarly(.seconds(25))))
    let form = try await browser.press("cancel", on: page)
    #expect(form.heading == "Verify your phone number")
    #expect(test.pauses.all.isEmpty)
    #expect(test.log.lines.contains { $0.message == "cancel.later" })

    let token = try #require(left.all.first)
    #expect(!token.contains("12025550143"))
    let other = try TestSite()
    other.verifier.onCancel(.success(.tooEarly(.seconds(25))))
    other.pauses.meanwhile { [verifier = other.verifier] _ in verifier.onCancel(.success(.cancelled)) }
    #expect(await other.flow.canceller.endLeft(token))
    #expect(other.pauses.all == [.seconds(25)])
    #expect(other.verifier.cancelled.map(\.requestID) == [.test, .test])
  }

  @Test func `leaves nothing where the provider is done at once`() async throws {
    let left = Left()
    let test = try TestSite(leave: { left.add($0) })
    let browser = Browser(test)
    let page = await browser.register()
    test.clock.advance(by: .seconds(31))
    _ = try await browser.press("cancel", on: page)
    #expect(left.all.isEmpty)
  }

  @Test func `leaves a request once, however many programs are asked for it`() async throws {
    let left = Left()
    let first = try TestSite(policy: .watching, leave: { left.add($0) })
    let second = try TestSite(policy: .watching, store: first.store, leave: { left.add($0) })
    let page = await Browser(first).register()
    for test in [first, second, first] {
      test.verifier.onCancel(.success(.tooEarly(.seconds(25))))
      #expect(try await Browser(test).press("cancel", on: page).status == .ok)
    }
    #expect(left.all.count == 1)
  }

  @Test func `does not hold the visitor up when it cannot leave anything`() async throws {
    struct Failure: Error {}
    let test = try TestSite(leave: { _ in throw Failure() })
    let browser = Browser(test)
    let page = await browser.register()
    test.verifier.onCancel(.success(.tooEarly(.seconds(25))))
    #expect(try await browser.press("cancel", on: page).heading == "Verify your phone number")
    #expect(test.log.lines.contains { $0.message == "cancel.left" })
  }

  @Test func `is left nothing by a visitor, by another site, or too late`() async throws {
    let left = Left()
    let test = try TestSite(leave: { left.add($0) })
    let browser = Browser(test)
    let page = await browser.register()
    test.verifier.onCancel(.success(.tooEarly(.seconds(25))))
    _ = try await browser.press("cancel", on: page)
    let token = try #require(left.all.first)
    test.verifier.onCancel(.success(.cancelled))
    let asked = test.verifier.cancelled.count
    for text in ["", "x", try #require(page.token), String(token.dropLast()), token + "A"] {
      #expect(await test.flow.canceller.endLeft(text) == false)
    }
    let other = try TestSite(settings: FlowSettings(identity: "www.example.org"))
    #expect(await other.flow.canceller.endLeft(token) == false)
    test.clock.advance(by: Attempt.longestLife)
    #expect(await test.flow.canceller.endLeft(token) == false)
    #expect(test.verifier.cancelled.count == asked)
  }
}

extension LimitsPolicy {
  fileprivate static var watching: LimitsPolicy {
    var policy = LimitsPolicy()
    policy.mode = .watch
    return policy
  }
}
