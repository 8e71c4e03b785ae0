import Testing

@testable import VonageSandbox

@Suite struct ControlTests {
  @Test func `cancelling is too early until 30 seconds after the start`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    bench.passMilliseconds(29_999)
    #expect(
      await bench.control(running.id, "cancel").verdict
        == "19 Verification request ['\(running.id)'] can't be cancelled within the first 30 seconds.")
    bench.passMilliseconds(1)
    let reply = await bench.control(running.id, "cancel")
    #expect(reply.verdict == "0")
    #expect(reply["command"] == "cancel")
    #expect(reply.object.count == 2)
  }

  @Test func `cancelling is too late from the second event on`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    bench.pass(125)
    #expect(
      await bench.control(running.id, "cancel").verdict
        == "19 Verification request  ['\(running.id)'] can't be cancelled now. "
        + "Too many attempts to re-deliver have already been made.")
    let other = try await bench.started("447700900001")
    bench.passMilliseconds(124_999)
    #expect(await bench.control(other.id, "cancel").verdict == "0")
  }

  @Test func `after a cancel the right code does not help and the number is free`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    bench.pass(30)
    _ = await bench.control(running.id, "cancel")
    #expect(await bench.check(running.id, running.pin).verdict.hasPrefix("6 "))
    #expect(
      await bench.control(running.id, "cancel").verdict
        == "6 The requestId '\(running.id)' does not exist or its no longer active.")
    #expect(await bench.search(running.id)["status"] == "CANCELLED")
    #expect(await bench.start().verdict == "0")
    bench.pass(10_000)
    #expect(try await bench.messages().filter { $0.requestID == running.id }.count == 1)
  }

  @Test func `triggering sends the next event at once and moves the ones after it`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    bench.pass(10)
    let reply = await bench.control(running.id, "trigger_next_event")
    #expect(reply.verdict == "0")
    #expect(reply["command"] == "trigger_next_event")
    #expect(bench.reported.map(\.channel) == [.sms, .tts])
    // The old date of the second event passes without an event; the third comes 180 s after the second.
    bench.pass(179)
    #expect(try await bench.messages().count == 2)
    bench.pass(1)
    #expect(try await bench.messages().count == 3)
    #expect(
      await bench.control(running.id, "trigger_next_event").verdict
        == "19 No more events are left to execute for the request ['\(running.id)']")
  }

  @Test func `a request that was triggered at once is late, once it is not early any more`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    _ = await bench.control(running.id, "trigger_next_event")
    #expect(await bench.control(running.id, "cancel").verdict.contains("within the first 30 seconds"))
    bench.pass(30)
    #expect(await bench.control(running.id, "cancel").verdict.contains("Too many attempts"))
  }

  @Test(arguments: [
    ([("cmd", "cancel")], "2 Your request is incomplete and missing the mandatory parameter: request_id"),
    ([("request_id", "ab")], "2 Your request is incomplete and missing the mandatory parameter: cmd"),
    ([("request_id", "ab"), ("cmd", "Cancel")], "3 Invalid value for param: cmd"),
    (
      [("request_id", String(repeating: "a", count: 33)), ("cmd", "cancel")],
      "3 Invalid value for param: request_id. Parameter is too long."
    ),
    ([("request_id", "ab"), ("cmd", "cancel"), ("code", "1")], "3 Invalid parameter found: code"),
    ([("request_id", "ab"), ("cmd", "cancel")], "6 The requestId 'ab' does not exist or its no longer active."),
  ])
  func `parameters are missing before they are wrong`(fields: [(String, String)], verdict: String) async {
    #expect(await TestBench().call("control/json", fields).verdict == verdict)
  }
}
