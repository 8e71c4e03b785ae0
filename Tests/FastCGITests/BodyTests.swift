import FastCGI
import FastCGIClient
import Gateway
import Testing

/// What becomes of a body, and of the connection after it: nothing of a body is ever taken for a request, and the connection
/// serves the next one.
@Suite(.loops(1, 2, 4), .timeLimit(.minutes(1))) struct BodyTests {
  private static let forged: [UInt8] = {
    var request = FastCGIRequest("POST", "/forged", parameters: [("REMOTE_ADDR", "203.0.113.66")])
    request.keepsConnection = true
    return request.bytes
  }()

  private func post(_ body: [UInt8], contentLength: Int?) -> FastCGIRequest {
    var request = FastCGIRequest("POST", "/real")
    request.body = body
    request.parameters += contentLength.map { [("CONTENT_LENGTH", String($0))] } ?? []
    request.keepsConnection = true
    return request
  }

  @Test func `a body of records is a body, and the connection goes on`() async throws {
    let gate = Gate()
    await gate.open()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      for _ in 0..<100 {
        let answer = try await connection.answer(to: post(Self.forged, contentLength: Self.forged.count))
        #expect(answer.body.suffix(Self.forged.count) == Self.forged[...])
      }
      #expect(await gate.requests.allSatisfy { $0.path == "/real" })
    }
  }

  @Test(arguments: [
    (length: Int?.some(8_192), bytes: 8_192, status: 200), (8_193, 8_193, 413), (8_193, 0, 413), (.max, 10, 413),
    (8_192, 8_193, 400), (5, 6, 400), (5, 4, 400), (0, 1, 400), (7, 0, 400), (0, 0, 200), (nil, 0, 200),
    (nil, 1, 411), (nil, 9_000, 411),
  ]) func `length and bytes must agree`(_ length: Int?, _ bytes: Int, _ status: Int) async throws {
    try await TestServer.run { server in
      let connection = try server.connect()
      var request = post([UInt8](repeating: UInt8(ascii: "x"), count: bytes), contentLength: length)
      for _ in 0..<3 {
        #expect(try await connection.answer(to: request).status == status)
        #expect(try await connection.answer(to: post([1, 2, 3], contentLength: 3)).status == 200)
      }
      request.keepsConnection = false
      #expect(try await connection.answer(to: request).status == status)
      try await server.expectClosed(connection)
    }
  }

  @Test(arguments: ["-1", "+1", "1 ", " 1", "0x1", "1.0", "١", "one", "1\n"])
  func `a length that is no number is wrong`(_ length: String) async throws {
    try await TestServer.run { server in
      var request = post([1], contentLength: nil)
      request.parameters.append(("CONTENT_LENGTH", length))
      try await server.expect(400, to: request)
    }
  }

  @Test func `two lengths must be the same`() async throws {
    try await TestServer.run { server in
      var request = post([1], contentLength: 1)
      request.parameters.append(("CONTENT_LENGTH", "1"))
      try await server.expect(200, to: request)
      request.parameters[request.parameters.count - 1].value = "2"
      try await server.expect(400, to: request)
    }
  }

  @Test(arguments: [true, false])
  func `a web server that sends a megabyte gets to read why it should not`(_ keeps: Bool) async throws {
    let gate = Gate()
    await gate.open()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      let body = Array(repeating: Self.forged, count: 1 << 20 / Self.forged.count).flatMap(\.self)
      var request = post(body, contentLength: body.count)
      request.keepsConnection = keeps
      // A web server that first sends everything, and then reads: what it reads must still be there.
      try await connection.send(request)
      #expect(try await connection.receive().status == 413)
      if keeps {
        #expect(try await connection.answer(to: post([1], contentLength: 1)).status == 200)
      } else {
        try await server.expectClosed(connection)
      }
      #expect(server.events.all == [])
      #expect(await gate.requests.allSatisfy { $0.path != "/forged" })
    }
  }

  @Test(arguments: [false, true])
  func `a web server that has its answer may send the rest of the body, or begin its next request`(_ sendsRest: Bool)
    async throws
  {
    let gate = Gate()
    await gate.open()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      let request = post(Array(repeating: Self.forged, count: 100).flatMap(\.self), contentLength: .max)
      let begun = request.head + FastCGIRecord(5, 1, Array(request.body.prefix(10_000))).bytes
      let rest =
        FastCGIRecord(5, 1, Array(request.body.dropFirst(10_000)), padding: 7).bytes + FastCGIRecord(5, 1).bytes
      for _ in 0..<3 {
        try await connection.send(begun)
        #expect(try await connection.receive().status == 413)
        if sendsRest { try await connection.send(rest, inPortionsOf: 999) }
        #expect(try await connection.answer(to: post([1], contentLength: 1)).status == 200)
      }
      #expect(await gate.requests.allSatisfy { $0.path == "/real" })
    }
  }

  @Test func `parameters that are too long cost the next request nothing`() async throws {
    let gate = Gate()
    await gate.open()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      var request = post(Self.forged, contentLength: Self.forged.count)
      request.parameters.append(("HTTP_COOKIE", String(repeating: "x", count: 100_000)))
      for _ in 0..<3 {
        #expect(try await connection.answer(to: request).status == 431)
        #expect(try await connection.answer(to: post([1], contentLength: 1)).status == 200)
      }
      request.keepsConnection = false
      #expect(try await connection.answer(to: request).status == 431)
      try await server.expectClosed(connection)
      #expect(await gate.requests.map(\.path) == ["/real", "/real", "/real"])
    }
  }

  @Test func `what follows the end of a body is refused`() async throws {
    try await TestServer.run { server in
      let connection = try server.connect()
      let request = post([UInt8](repeating: 1, count: 9_000), contentLength: 9_000)
      try await connection.send(request.bytes + FastCGIRecord(5, 1, [1]).bytes)
      #expect(try await connection.receive().status == 413)
      try await server.expectClosed(connection)
      #expect(server.events.all == [.refused(.type)])
    }
  }

  @Test func `a body without an end is cut off`() async throws {
    var limits = ServerLimits()
    limits.discardedBody = 100_000
    try await TestServer.run(limits: limits) { server in
      let connection = try server.connect()
      let request = post([UInt8](repeating: 0, count: 32_768), contentLength: .max)
      await #expect(throws: FastCGIConnection.Failure.self) {
        try await connection.send(request.head)
        for _ in 0..<1_000 { try await connection.send(request.tail.dropLast(8)) }
      }
    }
  }
}
