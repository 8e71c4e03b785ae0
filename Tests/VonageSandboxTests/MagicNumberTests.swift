import Encoding
import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct MagicNumberTests {
  private static func numbers(_ operation: VonageSandbox.Operation) -> [MagicNumber] {
    MagicNumber.all.filter { number in
      guard number.operation == operation else { return false }
      if case .fault = number.effect { return false } else { return true }
    }
  }

  @Test func `every number is of the range for fiction, and none is in the table twice`() {
    for number in MagicNumber.all {
      #expect(number.digits.wholeMatch(of: /1[2-9][0-9]{2}55501[0-9]{2}/) != nil)
      #expect(number.display.filter { $0.asciiValue?.isDigit ?? false } == number.digits)
      #expect(!number.meaning.isEmpty)
    }
    #expect(Set(MagicNumber.all.map(\.digits)).count == MagicNumber.all.count)
  }

  @Test func `every documented status of every call has its number`() {
    func statuses(_ operation: VonageSandbox.Operation) -> Set<Int> {
      Set(
        MagicNumber.all.compactMap { number in
          guard number.operation == operation, case .status(let status) = number.effect else { return nil }
          return status
        })
    }
    #expect(statuses(.start) == [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 20, 29, 99])
    #expect(statuses(.check) == [1, 2, 3, 4, 5, 6, 16, 17, 99])
    #expect(statuses(.control) == [1, 2, 3, 4, 5, 6, 8, 9, 19, 99])
    #expect(statuses(.search) == [1, 2, 3, 4, 5, 6, 99, 101])
  }

  @Test(arguments: numbers(.start))
  func `a start is answered as the table says`(number: MagicNumber) async throws {
    let bench = TestBench()
    expect(await bench.start(number.digits), number)
    #expect(bench.reported.count == ([.status(10), .numericStatus(0)].contains(number.effect) ? 1 : 0))
  }

  @Test(arguments: numbers(.check))
  func `a check is answered as the table says, whatever the code`(number: MagicNumber) async throws {
    let bench = TestBench()
    let running = try await bench.started(number.digits)
    expect(await bench.check(running.id, running.pin), number)
  }

  @Test(arguments: numbers(.control))
  func `a control is answered as the table says`(number: MagicNumber) async throws {
    let bench = TestBench()
    let running = try await bench.started(number.digits)
    expect(await bench.control(running.id, "trigger_next_event"), number)
    #expect(bench.reported.count == 1)
  }

  @Test(arguments: numbers(.search))
  func `a search is answered as the table says`(number: MagicNumber) async throws {
    let bench = TestBench()
    let running = try await bench.started(number.digits)
    expect(await bench.search(running.id), number)
  }

  private func expect(_ reply: Reply, _ number: MagicNumber) {
    #expect(reply.response.status == .ok)
    switch number.effect {
    case .status(let status):
      #expect(reply["status"] == String(status))
      #expect(reply["error_text"]?.isEmpty == false)
    case .numericStatus(let status):
      #expect(reply["status"] == nil)
      #expect(reply.object["status"] as? Int == status)
    case .fault: Issue.record("not a status")
    }
  }

  @Test func `status 7 names the network and no request`() async {
    let reply = await TestBench().start("12025550107")
    #expect(reply["network"]?.isEmpty == false)
    #expect(reply.object["request_id"] == nil)
  }

  @Test func `status 10 names a request that really runs, the same again and again`() async throws {
    let bench = TestBench()
    let first = await bench.start("12025550110")
    let id = try #require(first["request_id"])
    #expect(first.verdict.hasPrefix("10 "))
    #expect(await bench.start("12025550110")["request_id"] == id)
    #expect(bench.reported.count == 1)
    #expect(await bench.check(id, try #require(bench.reported.first?.pin)).verdict == "0")
  }

  @Test(arguments: ["13035550106", "13035550117", "13075550117"])
  func `after a check that ends the request the number is free`(number: String) async throws {
    let bench = TestBench()
    let running = try await bench.started(number)
    _ = await bench.check(running.id, running.pin)
    #expect(await bench.check(running.id, running.pin).verdict.hasPrefix("6 "))
    #expect(await bench.start(number).verdict == "0")
  }

  @Test func `a wrong call about a magic number is refused for what is wrong with it`() async throws {
    let bench = TestBench()
    #expect(await bench.start("12025550105", ("lg", "xx")).verdict == "3 Invalid value for param: lg")
    let running = try await bench.started("13035550105")
    #expect(await bench.check(running.id, "12").verdict == "3 Invalid value for param: code")
  }

  @Test func `a neighbor of the magic numbers is an ordinary one`() async throws {
    let bench = TestBench()
    for number in ["12025550100", "12025550111", "12025550201", "13035550100", "14045550131"] {
      let running = try await bench.started(number)
      #expect(await bench.check(running.id, running.pin).verdict == "0")
    }
  }
}
