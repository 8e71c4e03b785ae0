import Testing

@testable import VonageSandbox

@Suite struct WorkflowTests {
  /// Workflow, channels, seconds of each event after the start, second of the expiry.
  @Test(arguments: [
    (1, "sms tts tts", [0, 125, 305], 605), (2, "sms sms tts", [0, 125, 305], 605), (3, "tts tts", [0, 150], 300),
    (4, "sms sms", [0, 120], 300), (5, "sms tts", [0, 120], 300), (6, "sms", [0], 300), (7, "tts", [0], 300),
  ])
  func `events and expiry come when the workflow says`(id: Int, channels: String, times: [Int], end: Int) async throws {
    let bench = TestBench()
    let running = try await bench.started("447700900000", ("workflow_id", String(id)))
    var seen: [Int] = [0]
    for second in 1..<end {
      bench.pass(1)
      if try await bench.messages().count > seen.count { seen.append(second) }
    }
    #expect(seen == times)
    #expect(bench.reported.map(\.channel.rawValue).joined(separator: " ") == channels)
    #expect(await bench.search(running.id)["status"] == "IN PROGRESS")
    bench.pass(1)
    #expect(await bench.search(running.id)["status"] == "EXPIRED")
    #expect(await bench.check(running.id, bench.reported.last?.pin ?? "").verdict.hasPrefix("6 "))
    #expect(await bench.start().verdict == "0")
  }

  @Test func `a leap of the clock carries out everything at its own time`() async throws {
    let bench = TestBench()
    _ = try await bench.started()
    bench.pass(100_000)
    #expect(
      try await bench.messages().map(\.at) == [
        "2026-01-01T00:05:05Z", "2026-01-01T00:02:05Z", "2026-01-01T00:00:00Z",
      ])
    #expect(try await bench.statistics().running == 0)
  }

  @Test func `next_event_wait replaces every wait but not the life of a single code`() async throws {
    let bench = TestBench()
    let running = try await bench.started("447700900000", ("next_event_wait", "60"))
    bench.pass(120)
    #expect(try await bench.messages().count == 3)
    bench.pass(59)
    #expect(await bench.search(running.id)["status"] == "IN PROGRESS")
    bench.pass(1)
    #expect(await bench.search(running.id)["status"] == "EXPIRED")

    let single = try await bench.started("447700900000", ("workflow_id", "6"), ("next_event_wait", "60"))
    bench.pass(299)
    #expect(await bench.search(single.id)["status"] == "IN PROGRESS")
    bench.pass(1)
    #expect(await bench.search(single.id)["status"] == "EXPIRED")
  }

  /// Expiry, wait, and which events share a code: Vonage's own examples for workflow 1.
  @Test(
    arguments: [
      ("360", "120", [0, 0, 0]), ("240", "120", [0, 0, 1]), ("120", "120", [0, 1, 2]), ("90", "120", [0, 1, 2]),
      ("200", "120", [0, 1, 2]), (nil, nil, [0, 0, 1]), ("3600", nil, [0, 0, 0]), (nil, "60", [0, 0, 0]),
      (nil, "150", [0, 0, 1]),
    ] as [(String?, String?, [Int])])
  func `an event sends the same code while it is good and else a new one`(
    expiry: String?, wait: String?, codes: [Int]
  ) async throws {
    let bench = TestBench()
    let more = [("pin_expiry", expiry), ("next_event_wait", wait)].compactMap { name, value in value.map { (name, $0) }
    }
    _ = await bench.call("json", [("number", "447700900000"), ("brand", "Acme")] + more)
    bench.pass(10_000)
    let pins = try await bench.messages().reversed().map(\.pin)
    #expect(pins.count == codes.count)
    // A new code differs from the one before it; one made later may by chance be the first again.
    for (pair, expected) in zip(zip(pins, pins.dropFirst()), zip(codes, codes.dropFirst())) {
      #expect((pair.0 == pair.1) == (expected.0 == expected.1))
    }
  }

  @Test func `a replaced code stops working`() async throws {
    let bench = TestBench()
    let running = try await bench.started("447700900000", ("pin_expiry", "120"), ("next_event_wait", "120"))
    bench.pass(120)
    let second = try #require(try await bench.messages().first?.pin)
    #expect(await bench.check(running.id, running.pin).verdict.hasPrefix("16 "))
    #expect(await bench.check(running.id, second).verdict == "0")
  }

  @Test(arguments: [("60", 1), ("119", 1), ("120", 2), ("3600", 60)])
  func `the message tells the minutes that the code is good for`(expiry: String, minutes: Int) async throws {
    let bench = TestBench()
    _ = try await bench.started("447700900000", ("pin_expiry", expiry))
    #expect(bench.reported.first?.text.hasSuffix("Valid for \(minutes) minutes.") == true)
  }

  @Test func `a call reads the code out twice`() async throws {
    let bench = TestBench { $0.allowsPinCode = true }
    _ = try await bench.started("447700900000", ("workflow_id", "7"), ("pin_code", "1234"))
    #expect(bench.reported.first?.text == "Your Acme Inc code is 1, 2, 3, 4. Once more: 1, 2, 3, 4.")
  }
}
