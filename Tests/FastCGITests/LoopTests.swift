import FastCGI
import FastCGIClient
import Foundation
import Gateway
import HTTPTypes
import Testing
import Threads

/// What several loops share, and what each has for itself.
@Suite(.timeLimit(.minutes(1))) struct LoopTests {
  /// Tells the thread on which it answers.
  private static let threadTelling = Answering { _ in
    Response(status: .ok, body: Array("\(UInt(pthread_self()))".utf8))
  }

  private static var kept: FastCGIRequest {
    var request = FastCGIRequest()
    request.keepsConnection = true
    return request
  }

  @Test(arguments: [2, 3, 4]) func `connections that a web server keeps are spread evenly`(_ loops: Int) async throws {
    try await TestServer.run(Self.threadTelling, loops: loops) { server in
      var connections: [FastCGIConnection] = []
      var uses: [String: Int] = [:]
      // One after the other, when the loops have nothing else to do: the kernel alone would wake the same one each time.
      for _ in 0..<2 * loops {
        connections.append(try server.connect())
        if let thread = try await connections.last?.answer(to: Self.kept).text { uses[thread, default: 0] += 1 }
      }
      #expect(uses.count == loops)
      #expect(uses.values.allSatisfy { $0 == 2 })
    }
  }

  @Test func `a connection stays with its loop`() async throws {
    try await TestServer.run(Self.threadTelling, loops: 4) { server in
      let connections = try (0..<8).map { _ in try server.connect() }
      for connection in connections {
        let threads = try await [
          connection.answer(to: Self.kept).text, connection.answer(to: Self.kept).text,
          connection.answer(to: Self.kept).text,
        ]
        #expect(Set(threads).count == 1)
      }
    }
  }

  @Test func `a connection that was closed makes room on its loop`() async throws {
    try await TestServer.run(Self.threadTelling, loops: 2) { server in
      var connections = [try server.connect(), try server.connect()]
      let first = try await connections[0].answer(to: Self.kept).text
      let second = try await connections[1].answer(to: Self.kept).text
      #expect(first != second)
      connections.removeLast()
      // Until the loop has seen that it is gone, there are as many on either, and the other one is chosen.
      while try await server.connect().answer(to: Self.kept).text != second {}
    }
  }

  @Test func `a loop that is held up keeps no request of another one waiting`() async throws {
    let busy = DispatchSemaphore(value: 0)
    let (begins, begin) = AsyncStream.makeStream(of: Void.self)
    let responder = Answering { request in
      if request.path == "/busy" {
        begin.yield()
        Self.wait(for: busy)
      }
      return Response(status: .ok)
    }
    try await TestServer.run(responder, loops: 2) { server in
      let connections = [try server.connect(), try server.connect()]
      for connection in connections { _ = try await connection.answer(to: Self.kept) }
      try await connections[1].send(FastCGIRequest("GET", "/busy"))
      _ = await begins.first { _ in true }
      #expect(try await connections[0].answer(to: Self.kept).status == 200)
      busy.signal()
      #expect(try await connections[1].receive().status == 200)
    }
  }

  /// Keeps a loop's thread waiting, as a responder never should.
  private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }

  @Test func `the most requests in flight are those of all loops together`() async throws {
    let gate = Gate()
    try await TestServer.run(gate, loops: 4, limits: ServerLimits(requestsInFlight: 6)) { server in
      let connections = try (0..<12).map { _ in try server.connect() }
      for connection in connections { try await connection.send(FastCGIRequest("POST", "/", body: [65])) }
      await gate.waitForRequests(6)
      await server.events.wait(for: .overloaded)
      await gate.open()
      var statuses: [Int: Int] = [:]
      for connection in connections { statuses[try await connection.receive().status, default: 0] += 1 }
      #expect(statuses[200, default: 0] >= 6)
      #expect(statuses[200, default: 0] + statuses[503, default: 0] == 12)
      #expect(await gate.requests.count == statuses[200])
    }
  }

  @Test func `an idle connection of another loop gives way to one that waits`() async throws {
    let limits = ServerLimits(connections: 2, peerTimeout: .seconds(3_600), idleBeforeReclaim: .zero)
    let gate = Gate()
    try await TestServer.run(gate, loops: 2, limits: limits) { server in
      // The first connection is the accepting loop's own, and is busy.
      let busy = try server.connect()
      try await busy.send(FastCGIRequest("GET", "/busy"))
      await gate.waitForRequests(1)
      let idle = try server.connect()
      let last = try server.connect()
      try await last.send(FastCGIRequest("GET", "/last"))
      await gate.waitForRequests(2)
      try await server.expectClosed(idle)
      await gate.open()
      #expect(try await last.receive().text == "GET /last ")
      #expect(try await busy.receive().text == "GET /busy ")
      #expect(server.events.all.count { $0 == .reclaimed(1) } == 1)
    }
  }

  @Test func `a request that waits for room is begun when another loop has made some`() async throws {
    let room = Room()
    try await TestServer.run(room, loops: 2, limits: ServerLimits(longestInQueue: .seconds(3_600))) { server in
      let connections = [try server.connect(), try server.connect()]
      for connection in connections { _ = try await connection.answer(to: Self.kept) }
      var form = FastCGIRequest(form: "a=b", to: "/first")
      form.keepsConnection = true
      try await connections[0].send(form)
      await room.waitForRequests(1)
      // The other loop has nothing to do but this one, which waits.
      form = FastCGIRequest(form: "a=b", to: "/second")
      try await connections[1].send(form)
      await room.waitUntilRefused()
      room.letGo()
      for connection in connections { #expect(try await connection.receive().status == 200) }
    }
  }
}

/// A responder with room for one form at a time, which it holds until it is let go.
///
/// Sendable because all that changes is touched under the lock.
private final class Room: Responder, @unchecked Sendable {
  private let lock = Lock()
  private var isTaken = false
  private let gate = Gate()
  private let (refusals, refusal) = AsyncStream.makeStream(of: Void.self)

  var hasRoom: Bool {
    let isFree = lock.withLock { !isTaken }
    if !isFree { refusal.yield() }
    return isFree
  }

  func waitForRequests(_ count: Int) async { await gate.waitForRequests(count) }

  func waitUntilRefused() async { _ = await refusals.first { _ in true } }

  func letGo() { Task { await gate.open() } }

  func respond(to request: Request) async -> Response {
    guard request.method == .post else { return Response(status: .ok) }
    lock.withLock { isTaken = true }
    let response = await gate.respond(to: request)
    lock.withLock { isTaken = false }
    return response
  }
}
