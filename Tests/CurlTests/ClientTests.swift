import Curl
import HTTPFixture
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ClientTests {
  @Test func `a form post arrives as it was written`() async throws {
    let server = try HTTPFixture { _ in .answer(#"{"status":"0"}"#, status: 201, fields: ["Retry-After: 7 "]) }
    let client = try Client.make { $0.userAgent = "PinGate/1.2" }
    let request = Request(
      .post(try #require(Request.post(server.url, ["number": "+44 1", "brand": "A&B=é"]).form)),
      try ServiceURL(server.url).appending("verify", "json"), credentials: Credentials(user: "key", password: "s:é"))
    let answer = try await client.send(request)
    #expect(answer.status == 201)
    #expect(answer.body == Array(#"{"status":"0"}"#.utf8))
    #expect(answer.retryAfter == "7")

    let received = try #require(server.requests.first)
    #expect(received.method == "POST")
    #expect(received.target == "/verify/json")
    #expect(received.body == Array("number=%2B44+1&brand=A%26B%3D%C3%A9".utf8))
    #expect(received.field("Content-Type") == "application/x-www-form-urlencoded")
    #expect(received.field("Content-Length") == "\(received.body.count)")
    #expect(received.field("Accept") == "application/json")
    #expect(received.field("User-Agent") == "PinGate/1.2")
    #expect(received.field("Authorization") == "Basic a2V5OnM6w6k=")
    for absent in ["Expect", "Accept-Encoding", "Cookie", "Proxy-Connection", "Upgrade"] {
      #expect(received.field(absent) == nil)
    }
  }

  @Test func `a post of JSON arrives with its own fields, and the next request on its handle without them`()
    async throws
  {
    let server = try HTTPFixture { _ in .answer("") }
    let client = try Client.make()
    let url = try ServiceURL(server.url)
    _ = try await client.send(
      Request(.postJSON(Array(#"{"a":1}"#.utf8)), url, fields: [HeaderField("PinGate-Signature", "t=1,v1=ab")]))
    _ = try await client.send(Request(.post(FormBody()), url))
    let first = try #require(server.requests.first)
    #expect(first.body == Array(#"{"a":1}"#.utf8))
    #expect(first.field("Content-Type") == "application/json")
    #expect(first.field("PinGate-Signature") == "t=1,v1=ab")
    #expect(first.field("Accept") == "application/json")
    let second = try #require(server.requests.last)
    #expect(second.field("Content-Type") == "application/x-www-form-urlencoded")
    #expect(second.field("PinGate-Signature") == nil)
    #expect(second.field("Accept") == "application/json")
  }

  @Test func `a form post without fields is an empty body`() async throws {
    let server = try HTTPFixture { _ in .answer("") }
    let answer = try await Client.make().send(.post(server.url, [:]))
    #expect(answer.body.isEmpty)
    #expect(server.requests.first?.method == "POST")
    #expect(server.requests.first?.field("Content-Length") == "0")
  }

  @Test func `nothing of one request is left in the next`() async throws {
    let server = try HTTPFixture { request in
      .answer("\(request.number)", fields: request.number == 1 ? ["Retry-After: 9", "Set-Cookie: a=b"] : [])
    }
    let client = try Client.make()
    let url = try ServiceURL(server.url)
    let first = try await client.send(
      Request(.post(FormBody()), url, credentials: Credentials(user: "u", password: "p")))
    let second = try await client.send(Request(.get, url))
    #expect(first.retryAfter == "9")
    #expect(second.retryAfter == nil)
    #expect(second.body == Array("2".utf8))
    let received = try #require(server.requests.last)
    #expect(received.method == "GET")
    #expect(received.body.isEmpty)
    for absent in ["Authorization", "Content-Type", "Content-Length", "Cookie"] {
      #expect(received.field(absent) == nil)
    }
  }

  @Test(arguments: [200, 204, 301, 400, 401, 404, 429, 500, 503])
  func `every status is an answer`(status: Int) async throws {
    let server = try HTTPFixture { _ in .answer("", status: status) }
    #expect(try await Client.make().send(.get(server.url)).status == status)
  }

  @Test func `an interim answer is not the answer`() async throws {
    let interim = Array("HTTP/1.1 103 Early\r\nRetry-After: 5\r\n\r\n".utf8)
    let server = try HTTPFixture { _ in .send(interim + Reaction.bytes(Array("x".utf8)), then: .keep) }
    let answer = try await Client.make().send(.get(server.url))
    #expect(answer.status == 200)
    #expect(answer.retryAfter == nil)
  }

  @Test func `a redirect is not followed`() async throws {
    let other = try HTTPFixture { _ in .answer("") }
    let server = try HTTPFixture { [url = other.url] _ in .answer("", status: 302, fields: ["Location: \(url)/"]) }
    let answer = try await Client.make().send(.post(server.url))
    #expect(answer.status == 302)
    #expect(other.connections == 0)
  }

  @Test func `requests one after the other go over one connection`() async throws {
    let server = try HTTPFixture { _ in .answer("ok") }
    let client = try Client.make()
    for _ in 1...50 {
      _ = try await client.send(.post(server.url))
    }
    #expect(server.requests.count == 50)
    #expect(server.connections == 1)
  }

  @Test func `a thousand requests are under way at once, and the next thousand use their connections`() async throws {
    let server = try HTTPFixture { request in .hold(Reaction.bytes(request.body)) }
    let client = try Client.make()
    func thousand() async throws -> Set<[UInt8]> {
      try await withThrowingTaskGroup { group in
        for index in 1...1_000 {
          group.addTask { try await client.send(.post(server.url, ["i": "\(index)"])).body }
        }
        await server.waitForRequests(1_000)
        server.release()
        return try await group.reduce(into: []) { $0.insert($1) }
      }
    }
    #expect(try await thousand().count == 1_000)
    #expect(server.connections == 1_000)
    #expect(try await thousand().count == 1_000)
    #expect(server.connections <= 1_001)  // one may have been closed between the two
    #expect(server.requests.count == 2_000)
  }

  @Test func `no more connections are made than are allowed`() async throws {
    let server = try HTTPFixture { request in .answer("\(request.connection)") }
    let client = try Client.make { $0.connections = 3 }
    try await withThrowingTaskGroup { group in
      for _ in 1...60 {
        group.addTask { try await client.send(.post(server.url)).status }
      }
      for try await status in group { #expect(status == 200) }
    }
    #expect(server.requests.count == 60)
    #expect(server.connections <= 3)
  }
}

extension Request {
  fileprivate var form: FormBody? {
    if case .post(let body) = method { body } else { nil }
  }
}
