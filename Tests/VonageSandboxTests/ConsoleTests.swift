import Foundation
import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct ConsoleTests {
  @Test func `the clock tells the time and can be told to advance`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    let before = Reply(await bench.send(.get, "/clock"))
    #expect(before["now"] == "2026-01-01T00:00:00Z")
    #expect(before.object["advanced"] as? Int == 0)
    let after = Reply(await bench.send(.post, "/clock", body: "advance=125"))
    #expect(after["now"] == "2026-01-01T00:02:05Z")
    #expect(after.object["advanced"] as? Int == 125)
    #expect(bench.reported.map(\.requestID) == [running.id, running.id])
    #expect(Reply(await bench.send(.post, "/clock", query: "advance=1"))["now"] == "2026-01-01T00:02:06Z")
  }

  @Test(arguments: [
    ("", 422), ("advance=-1", 422), ("advance=1.5", 422), ("advance=0", 200), ("advance=31536000", 200),
    ("advance=31536001", 422), ("advance=1&x=1", 422), ("advance=%", 400),
  ])
  func `the clock takes whole seconds up to a year`(body: String, status: Int) async {
    #expect(await TestBench().send(.post, "/clock", body: body).status.code == status)
  }

  @Test func `a clock that is set back stands still`() async {
    let bench = TestBench()
    bench.pass(10)
    _ = await bench.send(.get, "/clock")
    bench.pass(-5)
    #expect(Reply(await bench.send(.get, "/clock"))["now"] == "2026-01-01T00:00:10Z")
    bench.pass(6)
    #expect(Reply(await bench.send(.get, "/clock"))["now"] == "2026-01-01T00:00:11Z")
  }

  @Test func `the buttons of the page lead back to it`() async {
    let browser = ["HTTP_ACCEPT": "text/html,application/xhtml+xml"]
    let response = await TestBench().send(.post, "/clock", body: "advance=30", more: browser)
    #expect(response.status == .seeOther)
    #expect(response.fields[.location] == "./")
  }

  @Test func `settings change what they name and nothing else`() async {
    let bench = TestBench()
    let changed = Reply(await bench.send(.post, "/settings", body: "delay_ms=1&pin_code=1&calls_per_second=30"))
    let expected = [
      "delay_ms": 1, "slow_ms": 2000, "silence_ms": 30_000, "search_lag_ms": 0, "calls_per_second": 30, "pin_code": 1,
    ]
    #expect(changed.object as? [String: Int] == expected)
    #expect(Reply(await bench.send(.get, "/settings")).object as? [String: Int] == expected)
    _ = await bench.start("447700900000", ("pin_code", "1234"))
    #expect(bench.pauses == [.milliseconds(1)])
    #expect(bench.reported.first?.pin == "1234")
  }

  @Test(arguments: ["delay_ms=-1", "delay_ms=3600001", "pin_code=2", "delay=1", "slow_ms=5&calls_per_second=x"])
  func `a wrong setting changes nothing`(body: String) async {
    let bench = TestBench()
    let before = await bench.send(.get, "/settings")
    #expect(await bench.send(.post, "/settings", body: body).status == .unprocessableContent)
    #expect(await bench.send(.get, "/settings").cgiBytes == before.cgiBytes)
  }

  @Test func `the throttle lets the documented thirty calls a second through`() async {
    let bench = TestBench { $0.callsPerSecond = 30 }
    for _ in 0..<30 { #expect(await bench.search("ab").verdict.hasPrefix("101 ")) }
    #expect(await bench.search("ab").verdict == "1 Throttled")
    bench.pass(1)
    #expect(await bench.search("ab").verdict.hasPrefix("101 "))
  }

  @Test func `the throttle is off unless it is asked for`() async {
    let bench = TestBench()
    for _ in 0..<100 { #expect(await bench.search("ab").verdict.hasPrefix("101 ")) }
  }

  @Test func `statistics count calls, messages and answers`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    _ = await bench.start()
    _ = await bench.start("14045550105")
    _ = await bench.control(running.id, "trigger_next_event")
    _ = await bench.search(running.id)
    _ = await bench.check(running.id, TestBench.wrong(running.pin))
    _ = await bench.check(running.id, running.pin)
    let statistics = try await bench.statistics()
    var expected = Statistics()
    (expected.starts, expected.checks, expected.controls, expected.searches) = (3, 2, 1, 1)
    (expected.messages, expected.sms, expected.tts) = (2, 1, 1)
    (expected.begun, expected.running, expected.verified) = (1, 0, 1)
    expected.answers = [
      "start": ["0": 1, "10": 1, "fault": 1], "control": ["0": 1], "search": ["0": 1], "check": ["16": 1, "0": 1],
    ]
    #expect(statistics == expected)
  }

  @Test func `a reset brings back the beginning`() async throws {
    let bench = TestBench()
    let fresh = await bench.send(.get, "/settings")
    let running = try await bench.started()
    _ = await bench.send(.post, "/settings", body: "delay_ms=5")
    _ = await bench.send(.post, "/clock", body: "advance=1000")
    #expect(await bench.send(.post, "/reset").status == .ok)
    #expect(try await bench.messages().isEmpty)
    #expect(try await bench.statistics() == Statistics())
    #expect(await bench.send(.get, "/settings").cgiBytes == fresh.cgiBytes)
    #expect(Reply(await bench.send(.get, "/clock"))["now"] == "2026-01-01T00:00:00Z")
    #expect(await bench.check(running.id, running.pin).verdict.hasPrefix("6 "))
    #expect(await bench.start().verdict == "0")
  }

  @Test(arguments: [
    ("/", "GET, HEAD"), ("/messages.json", "GET, HEAD"), ("/statistics.json", "GET, HEAD"),
    ("/clock", "GET, HEAD, POST"), ("/settings", "GET, HEAD, POST"), ("/reset", "POST"),
  ])
  func `other methods are 405 with those that are allowed`(path: String, allow: String) async {
    let response = await TestBench().send(.delete, path)
    #expect(response.status == .methodNotAllowed)
    #expect(response.fields[.allow] == allow)
  }

  @Test func `a GET does not reset`() async throws {
    let bench = TestBench()
    _ = try await bench.started()
    #expect(await bench.send(.get, "/reset").status == .methodNotAllowed)
    #expect(try await bench.messages().count == 1)
  }
}
