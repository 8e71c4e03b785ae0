import Gateway
import HTTPTypes
import Limits
import Testing
import Verification

@testable import Flow
@testable import Pages

@Test func `the tries that are left are told, and the fourth is not made`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCheck(.success(.wrongCode))
  #expect(try await browser.verify(page).text.contains("You have 2 tries left."))
  #expect(try await browser.verify(page).text.contains("You have 1 try left."))
  #expect(try await browser.verify(page).heading == "Too many wrong PINs")
  test.verifier.onCheck(.success(.verified))
  let fourth = try await browser.verify(page)
  #expect(fourth.status == .gone && fourth.heading == "Too many wrong PINs")
  #expect(test.verifier.checked.count == 3)
}

@Test func `only a PIN of six digits is a try`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  for pin in ["", "1", "12345", "1234567", "abcdef"] {
    for _ in 0..<5 { #expect(try await browser.verify(page, pin: pin).status == .unprocessableContent) }
  }
  #expect(try await browser.verify(page).heading == "Account verified!")
}

@Test func `a failure of the provider's counts as a try`() async throws {
  let test = try TestSite()
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCheck(.failure(VerifierFailure(.timedOut, detail: "")))
  for _ in 0..<3 { #expect(try await browser.verify(page).status == .gatewayTimeout) }
  test.verifier.onCheck(.success(.verified))
  #expect(try await browser.verify(page).heading == "Too many wrong PINs")
  #expect(test.verifier.checked.count == 3)
}

@Test func `a thousand right PINs at once are one success`() async throws {
  var policy = LimitsPolicy()
  for row in [
    LimitID.requestWrong, .attemptWrong, .numberWrongHour, .numberWrongDay, .numberWrongTotal, .addressTries,
    .addressWrongHour, .netWrongHour, .browserTries, .siteWrongHour,
  ] { policy.limits[row] = Limit(1_000_000, per: .seconds(60)) }
  let test = try TestSite(policy: policy)
  let browser = Browser(test)
  let page = await browser.register()
  let headings = try await withThrowingTaskGroup(of: String?.self) { group in
    for _ in 0..<1000 { group.addTask { try await browser.verify(page).heading } }
    return try await group.reduce(into: [:]) { $0[$1 ?? "", default: 0] += 1 }
  }
  #expect(headings == ["Account verified!": 1, "This PIN was already used": 999])
  // Afterwards the provider is not even asked.
  let asked = test.verifier.checked.count
  #expect(try await browser.verify(page).heading == "This PIN was already used")
  #expect(test.verifier.checked.count == asked)
}

/// One visitor who tries `count` wrong PINs with only `row` on, and then one more.
private func tried(_ row: LimitID, _ limit: Limit) async throws -> (TestSite, Response, Browser, Response) {
  let test = try TestSite(policy: LimitsPolicy(limits: [row: limit]))
  let browser = Browser(test)
  let page = await browser.register()
  test.verifier.onCheck(.success(.wrongCode))
  for _ in 0..<limit.count { #expect(try await browser.verify(page).status == .unprocessableContent) }
  return (test, page, browser, try await browser.verify(page))
}

@Test(arguments: [
  (LimitID.addressTries, 10, 60, "You have tried many PINs in a short time. Try again in 1 minute."),
  (.addressWrongHour, 30, 300, "You have tried many PINs in a short time. Try again in 5 minutes."),
  (.browserTries, 10, 300, "You have tried many PINs in a short time. Try again in 5 minutes."),
  (.numberWrongHour, 10, 300, "Many wrong PINs were entered for this number. Try again in 5 minutes."),
  (.numberWrongDay, 20, 300, "Many wrong PINs were entered for this number. Try again in 5 minutes."),
  (.netWrongHour, 30, 300, "We cannot check PINs right now. Try again in 5 minutes."),
  (.siteWrongHour, 30, 300, "We cannot check PINs right now. Try again in 5 minutes."),
])
func `who tries too much is told when to come back, at both sides of the limit`(
  row: LimitID, count: Int, window: Int, words: String
) async throws {
  let (test, page, browser, response) = try await tried(row, Limit(count, per: .seconds(window)))
  #expect(response.status == .tooManyRequests)
  #expect(response.retryAfter == String(window))
  #expect(response.text.contains(words), "\(response.text)")
  #expect(response.token == page.token)
  #expect(test.verifier.checked.count == count)
  test.clock.advance(by: .seconds(window - 1))
  #expect(try await browser.verify(page).retryAfter == "1")
  test.clock.advance(by: .seconds(1))
  test.verifier.onCheck(.success(.verified))
  #expect(try await browser.verify(page).heading == "Account verified!")
}

@Test func `a hundred wrong PINs in a row lock a number until its owner's site opens it`() async throws {
  let (test, page, browser, response) = try await tried(.numberWrongTotal, Limit(4, per: nil))
  #expect(response.status == .forbidden)
  #expect(response.heading == "This number is locked")
  #expect(response.retryAfter == nil)
  test.clock.advance(by: .seconds(300))
  #expect(try await browser.verify(page).heading == "This number is locked")
}
