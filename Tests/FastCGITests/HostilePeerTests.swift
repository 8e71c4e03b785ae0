import FastCGI
import FastCGIClient
import Foundation
import Gateway
import HTTPTypes
import Testing

/// Peers that are no web servers, or broken ones: each is let go, and no other notices.
@Suite(.loops(1, 2, 4), .timeLimit(.minutes(1))) struct HostilePeerTests {
  private static let begin = FastCGIRecord(1, 1, [0, 1, 1, 0, 0, 0, 0, 0]).bytes
  private static let getValues = FastCGIRecord(9, 0, [14, 0] + "FCGI_MAX_CONNS".utf8)

  @Test(
    arguments: [
      (
        "eight questions for values, which overflow libfcgi's stack",
        FastCGIRecord(9, 0, Array(repeating: [14, 0] + Array("FCGI_MAX_CONNS".utf8), count: 8).flatMap(\.self)).bytes,
        ProtocolViolation.managementRecord
      ),
      ("the same within a request", begin + getValues.bytes, .managementRecord),
      (
        "a name of two gigabytes, which aborts libfcgi",
        begin + FastCGIRecord(4, 1, [0xFF, 0xFF, 0xFF, 0xFE, 1]).bytes + FastCGIRecord(4, 1).bytes, .parameters
      ),
      ("an unknown management record, which libfcgi leaks", FastCGIRecord(99, 0).bytes, .managementRecord),
      ("an empty record of another request, which libfcgi mistakes", begin + FastCGIRecord(4, 9).bytes, .requestID),
      ("HTTP", Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), .version),
      ("TLS", [0x16, 3, 1, 2, 0, 1, 0, 1, 0xFC, 3, 3], .version),
    ] as [(String, [UInt8], ProtocolViolation)])
  func `is refused and harms nobody`(_ name: String, _ bytes: [UInt8], _ refusal: ProtocolViolation) async throws {
    try await TestServer.run { server in
      let neighbor = try server.connect()
      var request = FastCGIRequest()
      request.keepsConnection = true
      _ = try await neighbor.answer(to: request)

      let connection = try server.connect()
      try await connection.send(bytes)
      try await server.expectClosed(connection)
      #expect(server.events.all == [.refused(refusal)])

      let answer = try await neighbor.answer(to: request)
      #expect(answer.status == 200)
    }
  }

  /// Records that ask for nothing, behind a request that has its answer.
  private static let floods = [
    ("empty parameters with padding", FastCGIRecord(4, 1, padding: 255)), ("aborts", FastCGIRecord(2, 1)),
  ]

  /// A request whose parameters are too long, and many of the records behind it.
  private static func flood(of record: FastCGIRecord) -> (start: [UInt8], rest: [UInt8]) {
    let tooLong = [[UInt8]](repeating: FastCGIRecord(4, 1, [UInt8](repeating: 0, count: 65_535)).bytes, count: 2)
    return (
      begin + tooLong.flatMap(\.self),
      [[UInt8]](repeating: record.bytes, count: (1 << 18) / record.bytes.count).flatMap(\.self)
    )
  }

  @Test(arguments: floods) func `a peer that never stops sending keeps nobody waiting`(
    _ name: String, _ record: FastCGIRecord
  ) async throws {
    // However much it may send.
    try await TestServer.run(limits: ServerLimits(discardedBody: .max)) { server in
      let peer = try server.connect()
      let (start, rest) = Self.flood(of: record)
      try await peer.send(start)
      #expect(try await peer.receive().status == 431)
      try await peer.send(rest)
      let flooding = Task { while !Task.isCancelled { try await peer.send(rest) } }
      for _ in 0..<5 {
        try await server.expect(200, to: FastCGIRequest())
      }
      flooding.cancel()
      try await flooding.value
    }
  }

  @Test(arguments: floods) func `a peer that sends nothing but records of nothing is let go`(
    _ name: String, _ record: FastCGIRecord
  ) async throws {
    try await TestServer.run(limits: ServerLimits(discardedBody: 1 << 20)) { server in
      let peer = try server.connect()
      let (start, rest) = Self.flood(of: record)
      try await peer.send(start)
      await #expect(throws: FastCGIConnection.Failure.self) { while true { try await peer.send(rest) } }
    }
  }

  @Test func `a thousand silent peers and half requests keep nobody waiting`() async throws {
    try await TestServer.run { server in
      var peers: [FastCGIConnection] = []
      let bytes = FastCGIRequest("POST", "/", body: [1, 2, 3]).bytes
      for count in 0..<1_000 {
        let peer = try server.connect()
        try await peer.send(Array(bytes.prefix(count % bytes.count)))
        peers.append(peer)
      }
      for _ in 0..<20 {
        try await server.expect(200, to: FastCGIRequest())
      }
      withExtendedLifetime(peers) {}
    }
  }

  @Test(arguments: [0, 1, 7, 8, 15, 16, 24, 50]) func `a peer that falls silent is let go`(_ count: Int) async throws {
    try await TestServer.run(limits: ServerLimits(peerTimeout: .milliseconds(20))) { server in
      let connection = try server.connect()
      try await connection.send(Array(FastCGIRequest().bytes.prefix(count)))
      let isClosed = try await connection.isClosedWithoutAWord()
      #expect(isClosed)
      #expect(server.events.all == [.timedOut])
    }
  }

  @Test func `a peer that does not take its answer is let go`() async throws {
    let body = [UInt8](repeating: 0, count: 4 << 20)
    let limits = ServerLimits(peerTimeout: .milliseconds(20))
    try await TestServer.run(Answering { _ in Response(status: .ok, body: body) }, limits: limits) { server in
      let connection = try server.connect()
      try await connection.send(FastCGIRequest())
      await server.events.wait(for: .timedOut)
      await #expect(throws: FastCGIConnection.Failure.self) { try await connection.receive() }
    }
  }

  @Test func `a connection that is kept may be idle for as long as it likes`() async throws {
    try await TestServer.run(limits: ServerLimits(peerTimeout: .milliseconds(20))) { server in
      var request = FastCGIRequest()
      request.keepsConnection = true
      let idle = try server.connect()
      _ = try await idle.answer(to: request)
      // Many times the deadline passes, as the silent ones show.
      for _ in 0..<5 {
        let silent = try await server.connect().isClosedWithoutAWord()
        #expect(silent)
      }
      let answer = try await idle.answer(to: request)
      #expect(answer.status == 200)
    }
  }

  @Test func `a peer that is gone before its answer harms nothing`() async throws {
    let gate = Gate()
    try await TestServer.run(gate, limits: ServerLimits(requestsInFlight: 50)) { server in
      var peers: [FastCGIConnection] = []
      for _ in 0..<50 {
        let peer = try server.connect()
        try await peer.send(FastCGIRequest())
        peers.append(peer)
      }
      await gate.waitForRequests(50)
      peers = []
      await server.events.wait(for: .peerGone)
      await gate.open()
      // Their places become free again.
      while try await server.connect().answer(to: FastCGIRequest()).status != 200 {}
    }
  }

  @Test func `a request that is taken back is ended at once`() async throws {
    let gate = Gate()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      try await connection.send(FastCGIRequest())
      await gate.waitForRequests(1)
      try await connection.send(FastCGIRecord(2, 1).bytes)
      let answer = try await connection.receive()
      #expect(answer.output.isEmpty && answer.protocolStatus == 0)
      await gate.open()
      try await server.expectClosed(connection)
      #expect(server.events.all == [.aborted])
    }
  }

  @Test func `the answer to a request that was taken back is not the next one's`() async throws {
    let gate = Gate()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      var request = FastCGIRequest("POST", "/taken-back", body: [65])
      request.keepsConnection = true
      try await connection.send(request)
      await gate.waitForRequests(1)
      try await connection.send(FastCGIRecord(2, 1).bytes)
      #expect(try await connection.receive().output.isEmpty)
      // With the same request id; both are answered from now on.
      var next = FastCGIRequest("POST", "/next", body: [66])
      next.keepsConnection = true
      try await connection.send(next)
      await gate.waitForRequests(2)
      await gate.open()
      #expect(try await connection.receive().text == "POST /next B")
      #expect(try await connection.answer(to: next).text == "POST /next B")
    }
  }

  @Test(arguments: [0, 1, 2]) func `a request that is taken back before its end costs the next one nothing`(
    _ records: Int
  ) async throws {
    try await TestServer.run { server in
      let connection = try server.connect()
      var request = FastCGIRequest("POST", "/", body: [65])
      request.keepsConnection = true
      let begin = FastCGIRecord(1, 1, [0, 1, 1, 0, 0, 0, 0, 0]).bytes
      let parts = [begin, Array(request.head.dropFirst(begin.count)), FastCGIRecord(5, 1, [65]).bytes]
      for _ in 0..<3 {
        try await connection.send(parts.prefix(records + 1).flatMap(\.self) + FastCGIRecord(2, 1).bytes)
        #expect(try await connection.receive().output.isEmpty)
        #expect(try await connection.answer(to: request).text == "POST / A")
      }
    }
  }

  @Test(arguments: [true, false]) func `a peer that will send nothing more is let go`(_ keeps: Bool) async throws {
    let busy = DispatchSemaphore(value: 0)
    let (begins, begin) = AsyncStream.makeStream(of: Void.self)
    let responder = Answering { request in
      if request.path == "/busy" {
        begin.yield()
        Self.wait(for: busy)
      }
      return Response(status: .ok)
    }
    try await TestServer.run(responder) { server in
      let occupying = try server.connect()
      try await occupying.send(FastCGIRequest("GET", "/busy"))
      _ = await begins.first { _ in true }
      // The server finds the request and its end at one time.
      var connections: [FastCGIConnection] = []
      for path in ["/", "/", "/half"] {
        connections.append(try server.connect())
        var request = FastCGIRequest("POST", path, body: [1])
        request.keepsConnection = keeps
        try await connections.last?.send(path == "/half" ? Array(request.bytes.dropLast(9)) : request.bytes)
        connections.last?.finishSending()
      }
      busy.signal()
      for connection in connections.dropLast() {
        let answer = try await connection.receive()
        #expect(answer.status == 200)
      }
      for connection in connections { try await server.expectClosed(connection) }
      #expect(server.events.all == [.peerGone])
    }
  }

  /// Keeps the server's thread waiting, as a responder never should.
  private static func wait(for semaphore: DispatchSemaphore) { semaphore.wait() }
}
