import Testing

@testable import VonageSandbox

@Suite struct CheckTests {
  @Test func `the right code is status 0 with event and price, once`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    let reply = await bench.check(running.id, running.pin)
    #expect(reply.verdict == "0")
    #expect(reply["request_id"] == running.id)
    #expect(reply["event_id"]?.wholeMatch(of: /0A[0-9A-F]{14}/) != nil)
    #expect(reply["price"] == "0.10000000")
    #expect(reply["currency"] == "EUR")
    #expect(reply["estimated_price_messages_sent"] == "0.03330000")
    let again = await bench.check(running.id, running.pin)
    #expect(
      again.verdict == "6 The Vonage platform was unable to process this message for the following reason: "
        + "Request '\(running.id)' was not found or it has been verified already.")
  }

  @Test func `the third wrong code ends the request`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    for _ in 0..<2 {
      let wrong = await bench.check(running.id, TestBench.wrong(running.pin))
      #expect(wrong.verdict == "16 The code inserted does not match the expected value")
      #expect(wrong["request_id"] == running.id)
    }
    let third = await bench.check(running.id, TestBench.wrong(running.pin))
    #expect(third.verdict == "17 The wrong code was provided too many times. Request terminated")
    #expect(await bench.check(running.id, running.pin).verdict.hasPrefix("6 "))
    #expect(await bench.search(running.id)["status"] == "FAILED")
  }

  @Test func `the right code after two wrong ones succeeds`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    for _ in 0..<2 { _ = await bench.check(running.id, TestBench.wrong(running.pin)) }
    #expect(await bench.check(running.id, running.pin).verdict == "0")
  }

  @Test func `a new code has three tries of its own`() async throws {
    let bench = TestBench()
    let running = try await bench.started("447700900000", ("pin_expiry", "60"), ("next_event_wait", "60"))
    for _ in 0..<2 { _ = await bench.check(running.id, TestBench.wrong(running.pin)) }
    bench.pass(60)
    let settled = try await bench.messages()
    let second = try #require(settled.first?.pin)
    for _ in 0..<2 { #expect(await bench.check(running.id, TestBench.wrong(second)).verdict.hasPrefix("16 ")) }
    #expect(await bench.check(running.id, TestBench.wrong(second)).verdict.hasPrefix("17 "))
  }

  @Test func `the same code sent again has no new tries`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    for _ in 0..<2 { _ = await bench.check(running.id, TestBench.wrong(running.pin)) }
    bench.pass(125)
    #expect(try await bench.messages().count == 2)
    #expect(await bench.check(running.id, TestBench.wrong(running.pin)).verdict.hasPrefix("17 "))
  }

  @Test(arguments: [(299, "0"), (300, "16 The code inserted does not match the expected value")])
  func `a code is right until its expiry and wrong from then on`(age: Int, verdict: String) async throws {
    let bench = TestBench()
    let running = try await bench.started("447700900000", ("next_event_wait", "900"))
    bench.pass(age)
    #expect(await bench.check(running.id, running.pin).verdict == verdict)
  }

  @Test(arguments: [
    ([], "2 Your request is incomplete and missing the mandatory parameter: request_id"),
    ([("code", "1234")], "2 Your request is incomplete and missing the mandatory parameter: request_id"),
    ([("request_id", "ab")], "2 Your request is incomplete and missing the mandatory parameter: code"),
    (
      [("request_id", String(repeating: "a", count: 33)), ("code", "1234")],
      "3 Invalid value for param: request_id. Parameter is too long."
    ),
    ([("request_id", "ab"), ("code", "123")], "3 Invalid value for param: code"),
    ([("request_id", "ab"), ("code", "1234567")], "3 Invalid value for param: code. Parameter is too long."),
    ([("request_id", "ab"), ("code", "12a4")], "3 The code contains invalid characters"),
    ([("request_id", "ab"), ("code", "1234"), ("pin", "1")], "3 Invalid parameter found: pin"),
    ([("request_id", "ab"), ("request_id", "cd"), ("code", "1234")], "3 Invalid value for param: request_id"),
  ])
  func `parameters are missing before they are wrong`(fields: [(String, String)], verdict: String) async {
    #expect(await TestBench().call("check/json", fields).verdict == verdict)
  }

  @Test func `ids of 32 characters and codes of 4 to 6 digits are looked up, and ip_address is ignored`() async {
    let bench = TestBench()
    for code in ["1234", "12345", "123456"] {
      let fields = [("request_id", String(repeating: "a", count: 32)), ("code", code), ("ip_address", "192.0.2.1")]
      #expect(await bench.call("check/json", fields).verdict.hasPrefix("6 "))
    }
  }

  @Test func `a code of another length is simply wrong`() async throws {
    let bench = TestBench()
    let running = try await bench.started("447700900000", ("code_length", "6"))
    #expect(await bench.check(running.id, String(running.pin.prefix(4))).verdict.hasPrefix("16 "))
  }

  @Test func `where the account makes its own codes they have up to 10 characters`() async throws {
    let bench = TestBench { $0.allowsPinCode = true }
    #expect(await bench.check("ab", "AKFG-34245").verdict.hasPrefix("6 "))
    #expect(await bench.check("ab", "AKFG-342456").verdict.hasPrefix("3 "))
    #expect(await bench.check("ab", "AKFG_342").verdict == "3 The code contains invalid characters")
  }

  @Test func `one thousand right codes for one request at once succeed once`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    let successes = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<1000 { group.addTask { await bench.check(running.id, running.pin).verdict == "0" } }
      return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
    }
    #expect(successes == 1)
    #expect(try await bench.statistics().verified == 1)
  }
}
