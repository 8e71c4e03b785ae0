import Foundation
import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct FaultTests {
  private func number(_ area: Int, _ fault: Fault) throws -> String {
    try #require(
      MagicNumber.all.first { $0.digits.hasPrefix("1\(area)") && $0.effect == .fault(fault) }
    ).digits
  }

  @Test(arguments: Fault.allCases)
  func `each fault befalls each of the four calls, and does nothing else unless it says so`(fault: Fault) async throws {
    let bench = TestBench()
    let start = await bench.start(try number(404, fault))
    expect(start.response, fault)
    #expect(bench.reported.count == (fault.takesEffect ? 1 : 0))

    let checked = try await bench.started(try number(505, fault))
    expect(await bench.check(checked.id, checked.pin).response, fault)
    #expect(await bench.search(checked.id)["status"] == (fault.takesEffect ? "SUCCESS" : "IN PROGRESS"))

    let controlled = try await bench.started(try number(808, fault))
    let sent = bench.reported.count
    expect(await bench.control(controlled.id, "trigger_next_event").response, fault)
    #expect(bench.reported.count - sent == (fault.takesEffect ? 1 : 0))

    let searched = try await bench.started(try number(909, fault))
    expect(await bench.search(searched.id).response, fault)
  }

  private func expect(_ response: Response, _ fault: Fault) {
    let json = try? JSONSerialization.jsonObject(with: Data(response.body))
    let status = (json as? [String: Any])?["status"]
    let length = Int(response.fields[.contentLength] ?? "")
    let isCut = fault == .cutOff || fault == .answerLost
    #expect(length != nil)
    #expect(isCut ? length ?? 0 > response.body.count : length == response.body.count)
    switch fault {
    case .slow: #expect(status != nil)
    case .cutOff, .answerLost:
      #expect(response.status == .ok && !response.body.isEmpty && json == nil)
    case .silent, .answerNeverComes, .gatewayTimeout: #expect(response.status.code == 504)
    case .garbage, .html, .truncated, .notUTF8:
      #expect(response.status == .ok && !response.body.isEmpty && json == nil)
    case .empty: #expect(response.status == .ok && response.body.isEmpty)
    case .huge: #expect(response.body.count == 1 << 20 && status != nil)
    case .deep: #expect(response.body.count { $0 == UInt8(ascii: "[") } == 10_000)
    case .list: #expect(json is [Any])
    case .withoutStatus: #expect(json is [String: Any] && status == nil)
    case .redirect:
      #expect(response.status.code == 302)
      #expect(response.fields[.location] == "/sandbox/redirected")
    case .badRequest: #expect(response.status.code == 400)
    case .unauthorized: #expect(response.status.code == 401)
    case .forbidden: #expect(response.status.code == 403)
    case .notFound: #expect(response.status.code == 404)
    case .tooManyRequests:
      #expect(response.status.code == 429)
      #expect(response.fields[.retryAfter] == "30")
    case .internalServerError: #expect(response.status.code == 500)
    case .badGateway: #expect(response.status.code == 502)
    case .serviceUnavailable: #expect(response.status.code == 503)
    }
  }

  @Test func `a start whose answer was lost is found again by asking again`() async throws {
    let bench = TestBench()
    for fault in [Fault.answerLost, .answerNeverComes] {
      _ = await bench.start(try number(404, fault))
      let message = try #require(bench.reported.last)
      let again = await bench.start(try number(404, fault))
      #expect(again.verdict == "10 Concurrent verifications to the same number are not allowed")
      #expect(again["request_id"] == message.requestID)
      #expect(await bench.check(message.requestID, message.pin).verdict == "0")
    }
    #expect(bench.reported.count == 2)
  }

  @Test func `only the late answers wait, and only as long as it is set`() async throws {
    let bench = TestBench {
      $0.slowDelay = .milliseconds(1500)
      $0.silence = .seconds(9)
    }
    for fault in Fault.allCases { _ = await bench.start(try number(404, fault)) }
    #expect(bench.pauses == [.milliseconds(1500), .seconds(9), .seconds(9)])
  }

  @Test func `the general delay comes on top, for the API only`() async throws {
    let bench = TestBench { $0.delay = .seconds(2) }
    _ = await bench.start()
    _ = await bench.call("json", [])
    _ = try await bench.messages()
    _ = await bench.start(try number(404, .slow))
    #expect(bench.pauses == [.seconds(2), .seconds(2), .seconds(4)])
  }

  @Test func `whoever follows the redirection is counted`() async throws {
    let bench = TestBench()
    #expect(try await bench.statistics().redirectsFollowed == 0)
    _ = await bench.send(.post, "/redirected")
    _ = await bench.send(.get, "/redirected")
    #expect(try await bench.statistics().redirectsFollowed == 2)
  }
}
