import FastCGIClient
import Foundation
import Gateway
import HTTPTypes
import Support
import Testing
import Threads

@testable import FastCGI

@Suite(.loops(1, 2, 4), .timeLimit(.minutes(1))) struct StopTests {
  @Test func `running requests are finished, and nobody else is let in`() async throws {
    let gate = Gate()
    try await TestServer.run(gate) { server in
      var request = FastCGIRequest("POST", "/", body: [65])
      request.keepsConnection = true
      var connections: [FastCGIConnection] = []
      for _ in 0..<20 {
        connections.append(try server.connect())
        try await connections.last?.send(request)
      }
      await gate.waitForRequests(20)
      server.server.stop(within: .seconds(60))
      await server.events.wait(for: .stopping)
      // The file may be there for a moment after the event.
      while FileManager.default.fileExists(atPath: server.path) { await Task.yield() }
      #expect(throws: FastCGIConnection.Failure.self) { _ = try server.connect() }

      await gate.open()
      for connection in connections {
        let answer = try await connection.receive()
        #expect(answer.text == "POST / A")
        let isClosed = try await connection.isClosedWithoutAWord()
        #expect(isClosed)
      }
      await server.events.wait(for: .stopped(unfinished: 0))
    }
  }

  @Test(arguments: [("nginx/1.22.1", true), ("Apache/2.4.71 (Debian)", false), (nil, false)])
  func `only nginx gets a hint that its connection will be closed`(_ software: String?, _ getsHint: Bool) async throws {
    let gate = Gate()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      var request = FastCGIRequest(parameters: software.map { [("SERVER_SOFTWARE", $0)] } ?? [])
      request.keepsConnection = true
      try await connection.send(request)
      await gate.waitForRequests(1)
      server.server.stop(within: .seconds(60))
      await server.events.wait(for: .stopping)
      await gate.open()
      let answer = try await connection.receive()
      let rest = try await connection.rest()
      #expect(answer.status == 200)
      // nginx does not take a connection for its next request on which something comes behind the end of the last one.
      #expect(rest == (getsHint ? FastCGIRecord(10, 0).bytes : []))
    }
  }

  @Test func `connections that wait in the backlog, and kept ones, are served to the end`() async throws {
    let gate = Gate()
    try await TestServer.run(gate, limits: ServerLimits(connections: 2)) { server in
      var request = FastCGIRequest()
      request.keepsConnection = true
      let first = try server.connect()
      try await first.send(request)
      await gate.waitForRequests(1)
      var others: [FastCGIConnection] = []
      for _ in 0..<10 {
        others.append(try server.connect())
        try await others.last?.send(request)
      }
      await server.events.wait(for: .acceptingPaused(.connections))
      server.server.stop(within: .seconds(60))
      await gate.waitForRequests(11)
      await gate.open()
      for connection in [first] + others {
        let answer = try await connection.receive()
        #expect(answer.status == 200)
      }
      await server.events.wait(for: .stopped(unfinished: 0))
    }
  }

  @Test func `idle connections do not hold it up`() async throws {
    try await TestServer.run { server in
      var request = FastCGIRequest()
      request.keepsConnection = true
      let idle = try server.connect()
      _ = try await idle.answer(to: request)
      let silent = try server.connect()
      server.server.stop(within: .seconds(60))
      await server.events.wait(for: .stopped(unfinished: 0))
      let areClosed = try await (idle.isClosedWithoutAWord(), silent.isClosedWithoutAWord())
      #expect(areClosed == (true, true))
    }
  }

  @Test func `what is not finished in time is cut off`() async throws {
    let gate = Gate()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      try await connection.send(FastCGIRequest())
      await gate.waitForRequests(1)
      server.server.stop(within: .seconds(60))
      server.server.stop(within: .zero)
      server.server.stop(within: .seconds(60))
      await server.events.wait(for: .stopped(unfinished: 1))
      let isClosed = try await connection.isClosedWithoutAWord()
      #expect(isClosed)
      await gate.open()
    }
  }

  @Test func `a second, shorter time counts after the accepting loop has ended`() async throws {
    let gate = Gate()
    try await TestServer.run(gate) { server in
      // The accepting loop takes the first connection for itself, the next one goes to another loop.
      let idle = try server.connect()
      let held = try server.connect()
      try await held.send(FastCGIRequest())
      await gate.waitForRequests(1)
      server.server.stop(within: .seconds(3_600))
      try await server.expectClosed(idle)
      if LoopCounts.current > 1 {
        while await runsOnItsLoop(server.server.group.acceptor) { await Task.yield() }
      }
      server.server.stop(within: .zero)
      await server.events.wait(for: .stopped(unfinished: 1))
      await gate.open()
    }
  }

  /// Whether what is given to a loop's executor runs on a thread of the server: after the loop has ended it runs elsewhere.
  private func runsOnItsLoop(_ member: LoopGroup.Member) async -> Bool {
    await Task(executorPreference: member.events) { Self.isOnServerThread }.value
  }

  private static var isOnServerThread: Bool { Thread.current.name?.hasPrefix("fastcgi-") ?? false }

  @Test func `an answer that is half sent when it is told to stop does not hold it up`() async throws {
    // More than a socket takes in.
    let body = [UInt8](repeating: 65, count: 8 << 20)
    let responder = Answering { Response(status: .ok, body: $0.path == "/long" ? body : []) }
    try await TestServer.run(responder) { server in
      var request = FastCGIRequest()
      request.keepsConnection = true
      // One for each loop, which tells by closing it that it has begun to stop.
      var idle: [FastCGIConnection] = []
      for _ in 0..<LoopCounts.current {
        idle.append(try server.connect())
        _ = try await idle.last?.answer(to: request)
      }
      request = FastCGIRequest("GET", "/long")
      request.keepsConnection = true
      var reading: [FastCGIConnection] = []
      for _ in 0..<LoopCounts.current {
        reading.append(try server.connect())
        try await reading.last?.send(request)
        try await reading.last?.waitForAnswer()
      }
      server.server.stop(within: .seconds(3_600))
      for connection in idle { try await server.expectClosed(connection) }
      for connection in reading {
        #expect(try await connection.receive().text.utf8.count == body.count)
        try await server.expectClosed(connection)
      }
      await server.events.wait(for: .stopped(unfinished: 0))
    }
  }

  @Test func `what is still to be done for a request that was answered is done before the end, and is in nobody's way`()
    async throws
  {
    let diligent = Diligent()
    let (ends, end) = AsyncStream.makeStream(of: Int.self)
    let observer: @Sendable (FastCGIEvent) -> Void = { event in
      if case .stopped = event { end.yield(diligent.done) }
    }
    try await TestServer.run(diligent, limits: ServerLimits(requestsInFlight: 1), observer: observer) { server in
      for _ in 0..<2 { try await server.expect(200, to: FastCGIRequest()) }
      server.server.stop(within: .seconds(60))
      await server.events.wait(for: .stopping)
      diligent.letGo()
      #expect(await ends.first { _ in true } == 2)
      await server.events.wait(for: .stopped(unfinished: 0))
    }
  }

  @Test func `what is still to be done and is not in time is cut off, and counted`() async throws {
    let diligent = Diligent()
    try await TestServer.run(diligent) { server in
      try await server.expect(200, to: FastCGIRequest())
      server.server.stop(within: .zero)
      await server.events.wait(for: .stopped(unfinished: 1))
    }
    diligent.letGo()
  }

  @Test func `it can be stopped before it runs`() async throws {
    let socket = try ListeningSocket(ListenAddress("127.0.0.1:0"))
    let server = FastCGIServer(
      socket: socket, loops: LoopCounts.current, responder: Echo(), overloaded: { _ in Response(status: .ok) })
    server.stop()
    try await server.run()
  }

  @Test func `an inherited socket stays, with those who wait, for the next process`() async throws {
    try await ScratchFolder.use { folder in
      let own = try ListeningSocket(ListenAddress("unix:\(folder)/s"))
      let answers = try await withThrowingTaskGroup(of: Void.self) { group in
        // Two servers, one after the other, on the same socket, as systemd hands it on.
        var answers: [Int] = []
        for _ in 0..<2 {
          let server = FastCGIServer(
            socket: try ListeningSocket(adopting: dup(own.descriptor)), loops: LoopCounts.current, responder: Echo(),
            overloaded: { _ in Response(status: .ok) })
          let early = try FastCGIConnection(path: folder + "/s")
          try await early.send(FastCGIRequest())
          group.addTask { try await server.run() }
          answers.append(try await early.receive().status)
          server.stop()
          try await group.waitForAll()
        }
        return answers
      }
      #expect(answers == [200, 200])
      #expect(FileManager.default.fileExists(atPath: folder + "/s"))
    }
  }
}

/// Answers at once, and has something left to do until it is let go.
///
/// Sendable, because what changes is only touched under the lock.
private final class Diligent: Responder, @unchecked Sendable {
  private let lock = Lock()
  private var count = 0
  private let (gate, end) = AsyncStream.makeStream(of: Void.self)

  /// How many requests it has done with.
  var done: Int { lock.withLock { count } }

  func letGo() { end.finish() }

  func respond(to request: Request) async -> Response {
    var response = Response(status: .ok)
    response.afterwards = { [self] in
      for await _ in gate {}
      // The server has turns meanwhile, in which it could end.
      for _ in 0..<100 { await Task.yield() }
      lock.withLock { count += 1 }
    }
    return response
  }
}
