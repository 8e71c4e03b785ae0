import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct TransportTests {
  @Test(arguments: ["json", "check/json", "control/json", "search/json"])
  func `GET and POST work, HEAD does nothing, everything else is 403`(path: String) async throws {
    let bench = TestBench()
    for method in [HTTPRequest.Method.get, .post] {
      #expect(Reply(await bench.send(method, "/verify/" + path)).verdict == "2 Missing api_key")
    }
    let query = "api_key=abcd1234&api_secret=Sup3rS3cr3t!!&number=447700900000&brand=A"
    let head = await bench.send(.head, "/verify/" + path, query: query)
    #expect(head.status == .ok && head.body.isEmpty)
    for method in [HTTPRequest.Method.patch, .put, .delete, .options] {
      #expect(await bench.send(method, "/verify/" + path, query: query).status == .forbidden)
    }
    #expect(bench.reported.isEmpty)
  }

  @Test(arguments: [
    "/verify", "/verify/", "/verify/xml", "/verify/check/xml", "/verify/psd2/json", "/verify/network-unblock",
    "/verify/json/", "/x", "/../sandbox/",
  ])
  func `what the sandbox does not stand in for is 404`(path: String) async {
    #expect(await TestBench().send(.post, path).status == .notFound)
  }

  @Test func `the prefix can be another one, none, or the web server's business`() async {
    let request = { (parameters: Parameters) in Request(method: .post, parameters: parameters) }
    let deep = TestBench { $0.prefix = "/a/b" }.sandbox
    #expect(await deep.respond(to: request(["SCRIPT_NAME": "/a/b/verify/json"])).status == .ok)
    #expect(await deep.respond(to: request(["SCRIPT_NAME": "/a/bc/verify/json"])).status == .notFound)
    #expect(await deep.respond(to: request(["SCRIPT_NAME": "/verify/json"])).status == .notFound)
    let none = TestBench { $0.prefix = "" }.sandbox
    #expect(await none.respond(to: request(["SCRIPT_NAME": "/verify/json"])).status == .ok)
    let split: Parameters = ["SCRIPT_NAME": "/a/b", "PATH_INFO": "/verify/json"]
    #expect(await deep.respond(to: request(split)).status == .ok)
  }

  private func status(of body: Body) async -> Int {
    let parameters: Parameters = [
      "SCRIPT_NAME": "/sandbox/verify/json", "CONTENT_TYPE": "application/x-www-form-urlencoded",
    ]
    return await TestBench().sandbox.respond(to: Request(method: .post, parameters: parameters, body: body)).status.code
  }

  @Test(arguments: [
    (Body.tooLarge, 413), (.lengthMissing, 411), (.lengthWrong, 400), (.bytes(Array("a=%".utf8)), 400),
    (.bytes(Array("a=%00".utf8)), 400), (.bytes([0x61, 0x3D, 0xFF]), 400), (.bytes(Array("a=b&".utf8)), 200),
  ])
  func `bodies that are no form are HTTP errors`(body: Body, status: Int) async {
    #expect(await self.status(of: body) == status)
  }

  @Test(arguments: [(64 * 1024, 200), (64 * 1024 + 1, 413)])
  func `bodies have at most 64 KiB`(length: Int, status: Int) async {
    #expect(await self.status(of: .bytes(Array(repeating: 0x61, count: length))) == status)
  }

  @Test(arguments: [
    ("", 400), ("{", 400), ("[]", 400), ("\"x\"", 400), ("{}", 200),
  ])
  func `JSON bodies must be one object`(body: String, status: Int) async {
    let response = await TestBench().send(.post, "/verify/json", body: body, type: "application/json")
    #expect(response.status.code == status)
  }

  @Test func `JSON that is nested very deep is refused`() async {
    let body = String(repeating: "[", count: 60_000)
    #expect(await TestBench().send(.post, "/verify/json", body: body, type: "application/json").status.code == 400)
  }

  @Test(arguments: ["1.5", "true", "null", "{}", "[1]", #"["a","b"]"#])
  func `a JSON value of another type is status 3`(value: String) async {
    let body = """
      {"api_key":"abcd1234","api_secret":"Sup3rS3cr3t!!","number":"447700900000","brand":"Acme","lg":\(value)}
      """
    let reply = Reply(await TestBench().send(.post, "/verify/json", body: body, type: "application/json"))
    #expect(reply.verdict == "3 Invalid value for param: lg")
  }

  @Test func `a body of another type holds no parameters`() async {
    let body = "api_key=abcd1234&api_secret=Sup3rS3cr3t!!&number=447700900000&brand=Acme"
    let reply = Reply(await TestBench().send(.post, "/verify/json", body: body, type: "text/plain"))
    #expect(reply.verdict == "2 Missing api_key")
  }

  @Test func `every answer has its length and is not kept`() async {
    let bench = TestBench()
    for path in [
      "/", "/messages.json", "/statistics.json", "/clock", "/settings", "/outbox.css", "/verify/json", "/no",
    ] {
      let response = await bench.send(.get, path)
      #expect(response.fields[.contentLength] == String(response.body.count))
      #expect(response.fields[.cacheControl] == "no-store")
      #expect(response.fields[.xContentTypeOptions] == "nosniff")
    }
  }
}
