import Curl
import HTTPFixture
import Testing

/// What becomes of a request when the kept connection that it goes over turns out to be dead.
@Suite(.timeLimit(.minutes(2)))
struct ResendTests {
  /// A server that answers the first request and ends the connection at the second, when it has read it whole.
  private func server(_ then: Reaction.Then) throws -> HTTPFixture {
    try HTTPFixture { request in request.number == 2 ? .send([], then: then) : .answer("ok") }
  }

  @Test(arguments: [Reaction.Then.close, .reset])
  func `a request that a kept connection swallowed is never sent again`(then: Reaction.Then) async throws {
    let server = try server(then)
    let client = try Client.make()
    _ = try await client.send(.post(server.url))
    let failure = try #require(await client.failure(of: .post(server.url)))
    #expect(failure.kind == .connectionLost)
    #expect(failure.mayHaveBeenSent)
    // A third request, which comes after anything that might have been sent again.
    _ = try await client.send(.post(server.url, ["last": "1"]))
    #expect(server.requests.count == 3)
    #expect(server.requests.map(\.connection).prefix(2) == [1, 1])
    #expect(server.requests.last?.body == Array("last=1".utf8))
  }

  @Test(arguments: [Reaction.Then.close, .reset])
  func `libcurl would have sent it again: a repeatable request is`(then: Reaction.Then) async throws {
    let server = try server(then)
    let client = try Client.make()
    _ = try await client.send(.post(server.url))
    let answer = try await client.send(.post(server.url, ["second": "1"], isRepeatable: true))
    #expect(answer.status == 200)
    #expect(server.requests.map(\.connection) == [1, 1, 2])
    #expect(server.requests[1].body == server.requests[2].body)
  }

  @Test(arguments: [Reaction.Then.close, .reset])
  func `a connection that the server closed while it was idle costs nothing`(then: Reaction.Then) async throws {
    let server = try HTTPFixture { request in .answer("ok", then: request.number == 1 ? then : .keep) }
    let client = try Client.make()
    // A reset may overtake the answer; then the first request fails, and is not what this is about.
    _ = try? await client.send(.post(server.url))
    await server.waitForEnds(1)
    _ = try await client.send(.post(server.url))
    #expect(server.requests.count == 2)
    #expect(server.connections == 2)
  }

  @Test func `hundreds of connections that are closed under the requests lose them and repeat none`() async throws {
    let server = try HTTPFixture { request in
      request.number <= 200 ? .hold(Reaction.bytes(request.body)) : .send([], then: .close)
    }
    let client = try Client.make()
    func round(_ name: String) async -> [Result<Answer, any Error>] {
      await withTaskGroup { group in
        for index in 1...200 {
          group.addTask { await Result { try await client.send(.post(server.url, [name: "\(index)"])) } }
        }
        if name == "first" {
          await server.waitForRequests(200)
          server.release()
        }
        return await group.reduce(into: []) { $0.append($1) }
      }
    }
    let first = await round("first")
    #expect(first.allSatisfy { (try? $0.get()) != nil })
    let second = await round("second")
    #expect(second.allSatisfy { (try? $0.get()) == nil })
    #expect(server.requests.count == 400)
    #expect(Set(server.requests.map(\.body)).count == 400)
  }
}

extension Result where Failure == any Error {
  fileprivate init(_ body: () async throws -> Success) async {
    do { self = .success(try await body()) } catch { self = .failure(error) }
  }
}
