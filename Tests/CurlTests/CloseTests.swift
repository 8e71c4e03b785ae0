import Curl
import HTTPFixture
import Testing

@Suite(.timeLimit(.minutes(2)))
struct CloseTests {
  @Test func `closing fails what is under way and what comes later`() async throws {
    let server = try HTTPFixture { _ in .silence }
    let client = try Client.make()
    let tasks = (1...100).map { _ in Task { await client.failure(of: try .post(server.url)) } }
    await server.waitForRequests(100)
    client.close()
    for task in tasks {
      let failure = try #require(await task.value)
      #expect(failure.kind == .closed)
      #expect(failure.mayHaveBeenSent)
    }
    let late = try #require(await client.failure(of: .post(server.url)))
    #expect(late.kind == .closed)
    #expect(late.mayHaveBeenSent == false)
    #expect(server.requests.count == 100)
    await server.waitForEnds(100)
  }

  @Test func `closing twice, and from several tasks, is closing once`() async throws {
    let client = try Client.make()
    await withTaskGroup { group in
      for _ in 1...8 { group.addTask { client.close() } }
    }
    client.close()
  }

  @Test func `closing while requests come loses none of them`() async throws {
    let server = try HTTPFixture { _ in .answer("") }
    for _ in 1...20 {
      let client = try Client.make()
      await withTaskGroup { group in
        for _ in 1...20 { group.addTask { _ = try? await client.send(.post(server.url)) } }
        group.addTask { client.close() }
      }
    }
  }

  @Test func `a client that nobody holds any more ends by itself`() async throws {
    let server = try HTTPFixture { _ in .answer("") }
    for _ in 1...20 {
      _ = try await Client.make().send(.post(server.url))
    }
    await server.waitForEnds(20)
  }

  @Test func `requests that nobody can connect for in time are told so`() async throws {
    let server = try HTTPFixture { _ in .silence }
    let client = try Client.make {
      $0.connections = 1
      $0.timeout = .seconds(2)
    }
    let first = Task { await client.failure(of: try .post(server.url)) }
    await server.waitForRequests(1)
    let second = try #require(await client.failure(of: .post(server.url)))
    #expect(second.kind == .timedOut)
    #expect(try await first.value?.kind == .timedOut)
  }
}
