import Curl
import HTTPFixture
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ClientFailureTests {
  @Test func `nobody listens`() async throws {
    let port = try ReservedPort()
    let failure = try #require(await Client.make().failure(of: .post(port.url)))
    #expect(failure.kind == .couldNotConnect)
    #expect(failure.mayHaveBeenSent == false)
    #expect(failure.code == 7)
    #expect(failure.description.contains("POST \(port.url)"))
  }

  @Test func `a name that has no address`() async throws {
    let failure = try #require(await Client.make().failure(of: .post("https://pingate.invalid")))
    #expect(failure.mayHaveBeenSent == false)
    #expect(failure.kind == .couldNotResolve || failure.kind == .untrustedCertificate)
  }

  @Test func `a server that never answers`() async throws {
    let server = try HTTPFixture { _ in .silence }
    let client = try Client.make { $0.timeout = .seconds(2) }
    let failure = try #require(await client.failure(of: .post(server.url)))
    #expect(failure.kind == .timedOut)
    #expect(failure.mayHaveBeenSent)
    await server.waitForRequests(1)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: ["", "HTTP/1.1 200 OK\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\nx"])
  func `a server that falls silent, wherever in its answer`(beginning: String) async throws {
    let server = try HTTPFixture { _ in .send(Array(beginning.utf8), then: .keep) }
    let client = try Client.make { $0.timeout = .seconds(2) }
    let failure = try #require(await client.failure(of: .post(server.url)))
    #expect(failure.kind == .timedOut)
    #expect(failure.mayHaveBeenSent)
  }

  @Test func `an answer that drips for ever`() async throws {
    let head = Array("HTTP/1.1 200 OK\r\nContent-Length: 60000\r\n\r\n".utf8)
    let server = try HTTPFixture { _ in .drip(head, endlessly: UInt8(ascii: "x")) }
    let client = try Client.make { $0.timeout = .seconds(2) }
    let failure = try #require(await client.failure(of: .post(server.url)))
    #expect(failure.kind == .timedOut)
    #expect(failure.mayHaveBeenSent)
  }

  @Test(arguments: [Reaction.Then.close, .reset])
  func `an answer that is cut off midway`(then: Reaction.Then) async throws {
    let server = try HTTPFixture { _ in
      .send(Array("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{".utf8), then: then)
    }
    let failure = try #require(await Client.make().failure(of: .post(server.url)))
    #expect(failure.kind == .connectionLost)
    #expect(failure.mayHaveBeenSent)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [Reaction.Then.close, .reset])
  func `a new connection that ends without an answer`(then: Reaction.Then) async throws {
    let server = try HTTPFixture { _ in .send([], then: then) }
    let failure = try #require(await Client.make().failure(of: .post(server.url)))
    #expect(failure.kind == .connectionLost)
    #expect(failure.mayHaveBeenSent)
    #expect(server.requests.count == 1)
  }

  @Test(arguments: [0, 1]) func `a body of 64 KiB is taken, and not a byte more`(excess: Int) async throws {
    let body = [UInt8](repeating: UInt8(ascii: "x"), count: 65_536 + excess)
    let server = try HTTPFixture { request in
      // With and without a length that is known in advance.
      request.target == "/known"
        ? .send(Reaction.bytes(body), then: .keep)
        : .send(Array("HTTP/1.1 200 OK\r\n\r\n".utf8) + body, then: .close)
    }
    let client = try Client.make()
    for path in ["known", "unknown"] {
      let request = try Request(.get, ServiceURL(server.url).appending(path))
      if excess == 0 {
        #expect(try await client.send(request).body == body)
      } else {
        let failure = try #require(await client.failure(of: request))
        #expect(failure.kind == .tooLarge)
        #expect(failure.mayHaveBeenSent)
      }
    }
  }

  @Test(arguments: [0, 1]) func `a head of 16 KiB is taken, and not a byte more`(excess: Int) async throws {
    let start = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nX: "
    let filler = String(repeating: "x", count: 16_384 - start.utf8.count - 4 + excess)
    let server = try HTTPFixture { _ in .send(Array("\(start)\(filler)\r\n\r\n".utf8), then: .keep) }
    let client = try Client.make()
    if excess == 0 {
      #expect(try await client.send(.get(server.url)).status == 200)
    } else {
      #expect(try #require(await client.failure(of: .get(server.url))).kind == .tooLarge)
    }
  }

  @Test func `a head that never ends`() async throws {
    let server = try HTTPFixture { _ in
      .send(Array(("HTTP/1.1 200 OK\r\n" + String(repeating: "X: y\r\n", count: 100_000)).utf8), then: .keep)
    }
    #expect(try #require(await Client.make().failure(of: .get(server.url))).kind == .tooLarge)
  }

  @Test(arguments: ["garbage\r\n\r\n", "HTTP/0.9\r\n\r\n", "HTTP/1.1 abc\r\n\r\n", "\0\0\0\0\0\0\0\0"])
  func `what is not HTTP`(bytes: String) async throws {
    let server = try HTTPFixture { _ in .send(Array(bytes.utf8), then: .close) }
    let failure = try #require(await Client.make().failure(of: .post(server.url)))
    #expect(failure.kind == .notHTTP)
    #expect(failure.mayHaveBeenSent)
  }
}
