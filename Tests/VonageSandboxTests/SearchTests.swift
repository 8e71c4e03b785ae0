import Foundation
import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct SearchTests {
  @Test func `a running request is found with what was sent and checked`() async throws {
    let bench = TestBench()
    let running = try await bench.started("447700900000", ("sender_id", "ACME"))
    bench.pass(5)
    let wrong = TestBench.wrong(running.pin)
    _ = await bench.check(running.id, wrong)
    bench.pass(120)
    let reply = await bench.search(running.id)
    #expect(reply["request_id"] == running.id)
    #expect(reply["account_id"] == "abcd1234")
    #expect(reply["status"] == "IN PROGRESS")
    #expect(reply["number"] == "447700900000")
    #expect(reply["sender_id"] == "ACME")
    #expect(reply["currency"] == "EUR")
    #expect(reply["date_submitted"] == "2026-01-01 00:00:00")
    #expect(reply["date_finalized"] == "")
    #expect(reply["first_event_date"] == "2026-01-01 00:00:00")
    #expect(reply["last_event_date"] == "2026-01-01 00:02:05")
    #expect(reply["estimated_price_messages_sent"] == "0.06660000")
    let checks = try #require(reply.object["checks"] as? [[String: String]])
    #expect(
      checks == [["date_received": "2026-01-01 00:00:05", "code": wrong, "status": "INVALID", "ip_address": ""]])
    let events = try #require(reply.object["events"] as? [[String: String]])
    #expect(events.map { $0["type"] } == ["sms", "tts"])
    #expect(Set(events.map { $0["id"] }).count == 2)
  }

  @Test func `an ended request tells how and when`() async throws {
    let bench = TestBench()
    let right = try await bench.started()
    bench.pass(60)
    _ = await bench.check(right.id, right.pin)
    let reply = await bench.search(right.id)
    #expect(reply["status"] == "SUCCESS")
    #expect(reply["price"] == "0.10000000")
    #expect(reply["date_finalized"] == "2026-01-01 00:01:00")
    let checks = try #require(reply.object["checks"] as? [[String: String]])
    #expect(checks.map { $0["status"] } == ["VALID"])

    let expired = try await bench.started("447700900001", ("workflow_id", "6"))
    bench.pass(300)
    #expect(await bench.search(expired.id)["status"] == "EXPIRED")
  }

  @Test func `an unknown id is status 101, and none at all is status 6`() async {
    let bench = TestBench()
    let unknown = await bench.search("ab")
    #expect(unknown.verdict == "101 No response found")
    #expect(unknown["request_id"] == "ab")
    #expect(await bench.call("search/json", []).verdict.hasPrefix("6 The Vonage platform was unable to process"))
  }

  @Test func `several ids are answered as a list without the unknown ones`() async throws {
    let bench = TestBench()
    let first = try await bench.started("447700900000")
    let second = try await bench.started("447700900001")
    let reply = await bench.call(
      "search/json", [("request_ids", first.id), ("request_ids", "ab"), ("request_ids", second.id)])
    let list = try #require(reply.object["verification_requests"] as? [[String: Any]])
    #expect(list.map { $0["request_id"] as? String } == [first.id, second.id])
    #expect(await bench.call("search/json", [("request_ids", "ab")]).verdict == "101 No response found")
  }

  @Test func `ten ids are looked up and eleven are refused`() async {
    let bench = TestBench()
    let ids = (0..<11).map { ("request_ids", "a\($0)") }
    #expect(await bench.call("search/json", Array(ids.prefix(10))).verdict == "101 No response found")
    #expect(await bench.call("search/json", ids).verdict == "3 Invalid value for param: request_ids")
  }

  @Test func `bad ids and unknown parameters are status 3`() async {
    let bench = TestBench()
    let long = String(repeating: "a", count: 33)
    #expect(await bench.search(long).verdict == "3 Invalid value for param: request_id. Parameter is too long.")
    #expect(
      await bench.call("search/json", [("request_ids", long)]).verdict == "3 Invalid value for param: request_ids")
    #expect(
      await bench.call("search/json", [("request_id", "ab"), ("x", "1")]).verdict == "3 Invalid parameter found: x")
  }

  @Test func `search works with GET, and with a list in JSON`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    let query = "api_key=abcd1234&api_secret=Sup3rS3cr3t!!&request_id=\(running.id)"
    #expect(Reply(await bench.send(.get, "/verify/search/json", query: query))["status"] == "IN PROGRESS")
    let json = #"{"api_key":"abcd1234","api_secret":"Sup3rS3cr3t!!","request_ids":["\#(running.id)","ab"]}"#
    let reply = Reply(await bench.send(.post, "/verify/search/json", body: json, type: "application/json"))
    #expect((reply.object["verification_requests"] as? [Any])?.count == 1)
  }

  @Test func `an ended request can be hidden for a while, as Vonage does`() async throws {
    let bench = TestBench { $0.searchLag = .seconds(60) }
    let running = try await bench.started()
    #expect(await bench.search(running.id)["status"] == "IN PROGRESS")
    _ = await bench.check(running.id, running.pin)
    bench.pass(59)
    #expect(await bench.search(running.id).verdict == "101 No response found")
    bench.pass(1)
    #expect(await bench.search(running.id)["status"] == "SUCCESS")
  }
}
