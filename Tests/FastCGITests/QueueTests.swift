import FastCGI
import FastCGIClient
import Foundation
import Gateway
import Testing
import Threads

/// A responder that has room when it is told so, and tells what it was handed.
private final class Counter: Responder, @unchecked Sendable {
  // Sendable because all that changes is touched under the lock.
  private let lock = Lock()
  private var isFree = false
  private var paths: [String] = []
  private let asked = DispatchSemaphore(value: 0)

  var begun: [String] { lock.withLock { paths } }

  var hasRoom: Bool {
    let isFree = lock.withLock { self.isFree }
    asked.signal()
    return isFree
  }

  func makeRoom() { lock.withLock { isFree = true } }

  /// Waits until it was asked for room once more.
  func waitUntilAsked() async {
    await withCheckedContinuation { waiter in
      DispatchQueue.global().async { [asked] in
        asked.wait()
        waiter.resume()
      }
    }
  }

  func respond(to request: Request) async -> Response {
    lock.withLock { paths.append(request.path) }
    return await Echo().respond(to: request)
  }
}

@Suite(.loops(1, 2, 4), .timeLimit(.minutes(1))) struct QueueTests {
  private static let endless = ServerLimits(longestInQueue: .seconds(3600))

  // Of several loops each has a queue of its own.
  @Test(.loops(1))
  func `A request waits in the queue while there is no room, and is begun before the next one when there is`()
    async throws
  {
    let counter = Counter()
    try await TestServer.run(counter, limits: Self.endless) { server in
      let first = try server.connect()
      try await first.send(FastCGIRequest(form: "a=b", to: "/first"))
      await counter.waitUntilAsked()
      // A page, which needs no room. Had the form been begun, it would have run before.
      try await server.expect(200, to: FastCGIRequest("GET", "/page"))
      #expect(counter.begun == ["/page"])
      counter.makeRoom()
      try await server.expect(200, to: FastCGIRequest(form: "a=b", to: "/second"))
      let answer = try await first.receive()
      #expect(answer.status == 200)
      #expect(counter.begun == ["/page", "/first", "/second"])
    }
  }

  @Test(.loops(1)) func `A page has its turn behind a form that there is room for`() async throws {
    let counter = Counter()
    try await TestServer.run(counter, limits: Self.endless) { server in
      // Accepted before, so that nothing but the page itself wakes the server for it.
      let reader = try server.connect()
      var page = FastCGIRequest("GET", "/page")
      page.keepsConnection = true
      #expect(try await reader.answer(to: page).status == 200)
      let first = try server.connect()
      try await first.send(FastCGIRequest(form: "a=b", to: "/first"))
      await counter.waitUntilAsked()
      counter.makeRoom()
      #expect(try await reader.answer(to: page).status == 200)
      let answer = try await first.receive()
      #expect(answer.status == 200)
      #expect(counter.begun == ["/page", "/first", "/page"])
    }
  }

  @Test func `It is begun although it came with the answer to the one before it on its connection`() async throws {
    let gate = Gate()
    try await TestServer.run(gate, limits: Self.endless) { server in
      let connection = try server.connect()
      var request = FastCGIRequest(form: "a=b", to: "/")
      request.keepsConnection = true
      try await connection.send(request)
      await gate.waitForRequests(1)
      try await connection.send(request)
      await gate.open()
      for _ in 0..<2 {
        let answer = try await connection.receive()
        #expect(answer.status == 200)
      }
    }
  }

  @Test func `A page does not wait`() async throws {
    let counter = Counter()
    try await TestServer.run(counter, limits: Self.endless) { server in
      try await server.expect(200, to: FastCGIRequest("GET", "/style.css"))
      #expect(counter.begun == ["/style.css"])
    }
  }

  @Test func `It is not begun when its peer has taken it back`() async throws {
    let counter = Counter()
    try await TestServer.run(counter, limits: Self.endless) { server in
      let leaving = try server.connect()
      let request = FastCGIRequest(form: "a=b", to: "/gone")
      try await leaving.send(request)
      await counter.waitUntilAsked()
      try await leaving.send(FastCGIRecord(2, request.requestID).bytes)
      await server.events.wait(for: .aborted)
      counter.makeRoom()
      try await server.expect(200, to: FastCGIRequest(form: "a=b", to: "/next"))
      #expect(counter.begun == ["/next"])
    }
  }

  @Test func `It is begun without room when it has waited for long enough`() async throws {
    let counter = Counter()
    try await TestServer.run(counter, limits: ServerLimits(longestInQueue: .milliseconds(10))) { server in
      try await server.expect(200, to: FastCGIRequest(form: "a=b", to: "/late"))
    }
    #expect(counter.begun == ["/late"])
  }

  @Test func `It counts as one in flight`() async throws {
    let counter = Counter()
    var limits = Self.endless
    limits.requestsInFlight = 1
    try await TestServer.run(counter, limits: limits) { server in
      let first = try server.connect()
      try await first.send(FastCGIRequest(form: "a=b", to: "/first"))
      await counter.waitUntilAsked()
      try await server.expect(503, to: FastCGIRequest(form: "a=b", to: "/second"))
      #expect(counter.begun == [])
    }
  }

  @Test func `It is answered before the server stops`() async throws {
    let counter = Counter()
    try await TestServer.run(counter, limits: ServerLimits(longestInQueue: .milliseconds(50))) { server in
      let connection = try server.connect()
      try await connection.send(FastCGIRequest(form: "a=b", to: "/"))
      await counter.waitUntilAsked()
      server.server.stop(within: .seconds(60))
      let answer = try await connection.receive()
      #expect(answer.status == 200)
      await server.events.wait(for: .stopped(unfinished: 0))
    }
  }
}
