import Foundation
import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct CredentialTests {
  private let order = "number=447700900000&brand=Acme"

  private func basic(_ pair: String) -> [String: String] {
    ["HTTP_AUTHORIZATION": "Basic " + Data(pair.utf8).base64EncodedString()]
  }

  @Test func `credentials are taken from a Basic header`() async {
    let bench = TestBench()
    let right = await bench.send(.post, "/verify/json", body: order, more: basic("abcd1234:Sup3rS3cr3t!!"))
    #expect(Reply(right).verdict == "0")
  }

  @Test func `credentials are taken from the query, with POST and with GET`() async {
    let bench = TestBench()
    let credentials = "api_key=abcd1234&api_secret=Sup3rS3cr3t!!"
    #expect(Reply(await bench.send(.post, "/verify/json", query: credentials, body: order)).verdict == "0")
    let other = "number=447700900001&brand=Acme"
    #expect(Reply(await bench.send(.get, "/verify/json", query: credentials + "&" + other)).verdict == "0")
  }

  @Test func `credentials are taken from a form`() async {
    #expect(await TestBench().start().verdict == "0")
  }

  @Test func `credentials are taken from a JSON object`() async {
    let body = """
      {"api_key":"abcd1234","api_secret":"Sup3rS3cr3t!!","number":"447700900000","brand":"Acme","code_length":6}
      """
    let bench = TestBench()
    let reply = Reply(await bench.send(.post, "/verify/json", body: body, type: "application/json; charset=utf-8"))
    #expect(reply.verdict == "0")
    #expect(bench.reported.first?.pin.utf8.count == 6)
  }

  @Test(arguments: [
    ("", "2 Missing api_key"),
    ("api_secret=x", "2 Missing api_key"),
    ("api_key=&api_secret=x", "2 Missing api_key"),
    ("api_key=abcd1234", "2 Missing api_secret"),
    ("api_key=abcd1234&api_secret=", "2 Missing api_secret"),
    ("api_key=abcd1234&api_secret=sup3rS3cr3t!!", "4 Bad Credentials"),
    ("api_key=abcd1235&api_secret=Sup3rS3cr3t!!", "4 Bad Credentials"),
    ("api_key=abcd1234&api_key=abcd1234&api_secret=x", "3 Invalid value for param: api_key"),
  ])
  func `missing credentials are status 2 and wrong ones status 4`(query: String, verdict: String) async {
    let bench = TestBench()
    for path in ["json", "check/json", "control/json", "search/json"] {
      let reply = Reply(await bench.send(.post, "/verify/\(path)", query: query))
      #expect(reply.verdict == verdict)
      #expect(reply.response.status == .ok)
    }
    #expect(bench.reported.isEmpty)
  }

  @Test func `a Basic header goes before the parameters`() async {
    let bench = TestBench()
    let query = "api_key=abcd1234&api_secret=Sup3rS3cr3t!!"
    let wrong = await bench.send(.post, "/verify/json", query: query, body: order, more: basic("abcd1234:no"))
    #expect(Reply(wrong).verdict == "4 Bad Credentials")
    let empty = await bench.send(.post, "/verify/json", query: query, body: order, more: basic("abcd1234:"))
    #expect(Reply(empty).verdict == "2 Missing api_secret")
  }

  @Test(arguments: ["Basic %%%", "Basic YWJj", "basic /w=="])
  func `a Basic header that cannot be read is status 4`(header: String) async {
    let reply = await TestBench().send(.post, "/verify/json", body: order, more: ["HTTP_AUTHORIZATION": header])
    #expect(Reply(reply).verdict == "4 Bad Credentials")
  }

  @Test func `without configured credentials every non-empty pair is an account of its own`() async {
    let bench = TestBench { $0.credentials = nil }
    let first = Reply(await bench.send(.post, "/verify/json", body: order, more: basic("a:x")))
    #expect(first.verdict == "0")
    let second = Reply(await bench.send(.post, "/verify/json", body: order, more: basic("b:x")))
    #expect(second.verdict == "0")
    let foreign = await bench.send(
      .post, "/verify/search/json", body: "request_id=\(first["request_id"] ?? "")", more: basic("b:x"))
    #expect(Reply(foreign).verdict == "101 No response found")
    #expect(
      Reply(await bench.send(.post, "/verify/json", body: order, more: basic(":x"))).verdict == "2 Missing api_key")
  }

  @Test func `credentials are checked before the throttle and the throttle before the parameters`() async {
    let bench = TestBench { $0.callsPerSecond = 1 }
    for _ in 0..<3 {
      let wrong = await bench.send(.post, "/verify/json", body: order, more: basic("abcd1234:no"))
      #expect(Reply(wrong).verdict == "4 Bad Credentials")
    }
    #expect(await bench.call("json", []).verdict.hasPrefix("2 "))
    #expect(await bench.call("json", []).verdict == "1 Throttled")
  }
}
