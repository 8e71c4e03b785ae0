import Curl
import HTTPFixture
import Testing

@Suite(.timeLimit(.minutes(2)))
struct CancellationTests {
  @Test func `a request under way is given up when its task is cancelled`() async throws {
    let server = try HTTPFixture { _ in .silence }
    let client = try Client.make()
    let task = Task { await client.failure(of: try .post(server.url)) }
    await server.waitForRequests(1)
    task.cancel()
    let failure = try #require(await task.value)
    #expect(failure.kind == .cancelled)
    #expect(failure.mayHaveBeenSent)
    await server.waitForEnds(1)  // its connection is not used again
  }

  @Test func `a task that was cancelled before sends nothing`() async throws {
    let server = try HTTPFixture { _ in .answer("") }
    let client = try Client.make()
    let task = Task {
      while !Task.isCancelled { await Task.yield() }
      return await client.failure(of: try .post(server.url))
    }
    task.cancel()
    let failure = try #require(await task.value)
    #expect(failure.kind == .cancelled)
    #expect(failure.mayHaveBeenSent == false)
    #expect(server.connections == 0)
  }

  @Test func `cancelling one of many takes none of the others along`() async throws {
    let server = try HTTPFixture { _ in .hold(Reaction.bytes([])) }
    let client = try Client.make()
    let tasks = try (1...100).map { index in
      let request = try Request.post(server.url, ["i": "\(index)"])
      return Task { try await client.send(request).status }
    }
    await server.waitForRequests(100)
    for task in tasks[..<50] { task.cancel() }
    await server.waitForEnds(50)
    server.release()
    for task in tasks[..<50] {
      await #expect { _ = try await task.value } throws: { ($0 as? CurlFailure)?.kind == .cancelled }
    }
    for task in tasks[50...] { #expect(try await task.value == 200) }
  }

  @Test func `requests that are cancelled as they start end exactly once`() async throws {
    let server = try HTTPFixture { _ in .answer("") }
    let client = try Client.make()
    await withTaskGroup { group in
      for index in 1...300 {
        group.addTask {
          let task = Task { try await client.send(.post(server.url)) }
          for _ in 0..<index % 7 { await Task.yield() }
          task.cancel()
          _ = try? await task.value  // either way
        }
      }
    }
    #expect(try await client.send(.post(server.url)).status == 200)
  }

  @Test func `no more requests connect at once than may, and the next does when one gives up`() async throws {
    let mute = try HTTPFixture { _ in .silence }  // never ends a TLS handshake
    let server = try HTTPFixture { _ in .answer("") }
    let certificate = try TestCertificate(for: "IP:127.0.0.1")
    let client = try Client.make {
      $0.connectsAtOnce = 1
      $0.certificates = try? CertificateFile.find(configured: (certificate.path, "x"), environment: [:])
    }
    let first = Task { await client.failure(of: try .post("https://127.0.0.1:\(mute.port)")) }
    await mute.waitForRequests(1)
    let second = Task { try await client.send(.post(server.url)).status }
    let third = Task { await client.failure(of: try .post(server.url)) }
    third.cancel()
    #expect(try await third.value?.mayHaveBeenSent == false)
    #expect(server.connections == 0)
    first.cancel()
    #expect(try await first.value?.mayHaveBeenSent == false)
    #expect(try await second.value == 200)
    #expect(server.requests.count == 1)
  }

  @Test func `a request that waits for its turn can be given up`() async throws {
    let server = try HTTPFixture { _ in .silence }
    let client = try Client.make { $0.connections = 1 }
    let first = Task { await client.failure(of: try .post(server.url, ["i": "1"])) }
    await server.waitForRequests(1)
    let second = Task { await client.failure(of: try .post(server.url, ["i": "2"])) }
    second.cancel()
    let failure = try #require(await second.value)
    #expect(failure.kind == .cancelled)
    #expect(failure.mayHaveBeenSent == false)
    first.cancel()
    _ = try await first.value
    #expect(server.requests.count == 1)
  }
}
