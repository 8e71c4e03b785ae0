import FastCGI
import FastCGIClient
import Foundation
import Gateway
import HTTPTypes
import Support
import Testing

/// The tasks of requests run on the server's thread, and share it with the sockets.
@Suite(.timeLimit(.minutes(1))) struct ServerThreadTests {
  @Test func `requests are answered on one thread, also after they have waited for another`() async throws {
    let threads = Noted<UInt>()
    let responder = Answering { _ in
      threads.note(Self.thread)
      await withCheckedContinuation { continuation in
        Thread.detachNewThread { continuation.resume() }
      }
      threads.note(Self.thread)
      return Response(status: .ok)
    }
    try await TestServer.run(responder) { server in
      for _ in 0..<20 { try await server.expect(200, to: FastCGIRequest()) }
    }
    #expect(threads.all.count == 40)
    #expect(Set(threads.all).count == 1)
  }

  @Test func `many requests that can go on at once keep no connection from being accepted`() async throws {
    let held = Noted<CheckedContinuation<Void, Never>>()
    let path = Noted<String>()
    let late = Noted<FastCGIConnection>()
    let finished = Noted<Void>()
    let finishedAtAccept = Noted<Int>()
    let responder = Answering { request in
      if request.path == "/release" {
        for continuation in held.all { continuation.resume() }
        return Response(status: .ok)
      }
      await withCheckedContinuation { held.note($0) }
      if late.all.isEmpty, let path = path.all.first, let connection = try? FastCGIConnection(path: path) {
        late.note(connection)
      }
      finished.note(())
      return Response(status: .ok)
    }
    let observer: @Sendable (FastCGIEvent) -> Void = { event in
      if event == .acceptingPaused(.connections) { finishedAtAccept.note(finished.all.count) }
    }
    try await TestServer.run(responder, limits: ServerLimits(connections: 502), observer: observer) { server in
      path.note(server.path)
      var request = FastCGIRequest()
      request.keepsConnection = true
      var connections: [FastCGIConnection] = []
      for _ in 0..<500 {
        connections.append(try server.connect())
        try await connections.last?.send(request)
      }
      await held.wait(for: 500)
      var release = FastCGIRequest("GET", "/release")
      release.keepsConnection = true
      connections.append(try server.connect())
      try await connections.last?.send(release)
      for connection in connections { #expect(try await connection.receive().status == 200) }
      #expect(late.all.count == 1)
      // The late one, which made the connections as many as may be, was seen long before all had finished.
      #expect(try #require(finishedAtAccept.all.first) < 250)
    }
  }

  @Test func `connections that have something to read keep no connection from being accepted`() async throws {
    let kept = Noted<FastCGIConnection>()
    let path = Noted<String>()
    let late = Noted<FastCGIConnection>()
    let started = Noted<Void>()
    let startedAtAccept = Noted<Int>()
    var request = FastCGIRequest()
    request.keepsConnection = true
    var all = FastCGIRequest("GET", "/all")
    all.keepsConnection = true
    let bytes = request.bytes
    let responder = Answering { request in
      started.note(())
      if request.path == "/all" {
        for connection in kept.all { try? connection.sendHere(bytes) }
        if let path = path.all.first, let connection = try? FastCGIConnection(path: path) { late.note(connection) }
      }
      return Response(status: .ok)
    }
    let observer: @Sendable (FastCGIEvent) -> Void = { event in
      if event == .acceptingPaused(.connections) { startedAtAccept.note(started.all.count) }
    }
    try await TestServer.run(responder, limits: ServerLimits(connections: 502), observer: observer) {
      [request, all] server in
      path.note(server.path)
      for _ in 0..<500 {
        let connection = try server.connect()
        #expect(try await connection.answer(to: request).status == 200)
        kept.note(connection)
      }
      let last = try server.connect()
      #expect(try await last.answer(to: all).status == 200)
      for connection in kept.all { #expect(try await connection.receive().status == 200) }
      #expect(late.all.count == 1)
      #expect(try #require(startedAtAccept.all.first) < 500 + 250)
    }
  }

  @Test func `what a request does after the server has stopped is done all the same`() async throws {
    let held = Noted<CheckedContinuation<Void, Never>>()
    let finished = Noted<Void>()
    let responder = Answering { _ in
      await withCheckedContinuation { held.note($0) }
      await Task.yield()
      finished.note(())
      return Response(status: .ok)
    }
    try await TestServer.run(responder) { server in
      let connection = try server.connect()
      try await connection.send(FastCGIRequest())
      await held.wait(for: 1)
    }
    for continuation in held.all { continuation.resume() }
    await finished.wait(for: 1)
  }

  private static var thread: UInt { UInt(pthread_self()) }
}
