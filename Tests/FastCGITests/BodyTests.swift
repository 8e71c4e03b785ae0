import FastCGI
import FastCGIClient
import Gateway
import Testing

/// What becomes of a body, and of the connection after it: nothing of a body is ever taken for a request.
@Suite(.timeLimit(.minutes(1))) struct BodyTests {
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
      let body = [UInt8](repeating: UInt8(ascii: "x"), count: bytes)
      #expect(try await connection.answer(to: post(body, contentLength: length)).status == status)
      if status == 200 {
        #expect(try await connection.answer(to: post([], contentLength: nil)).status == 200)
      } else {
        #expect(try await connection.isClosedWithoutAWord())
      }
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

  @Test func `a web server that sends a megabyte gets to read why it should not`() async throws {
    try await TestServer.run { server in
      let connection = try server.connect()
      let body = Array(repeating: Self.forged, count: 1 << 20 / Self.forged.count).flatMap(\.self)
      try await connection.send(post(body, contentLength: body.count))
      #expect(try await connection.receive().status == 413)
      #expect(try await connection.isClosedWithoutAWord())
      #expect(server.events.all == [])
    }
  }

  @Test(arguments: [true, false])
  func `a web server that would keep a connection sees that it will be closed`(_ keeps: Bool) async throws {
    try await TestServer.run { server in
      let connection = try server.connect()
      var request = post([1], contentLength: 2)
      request.keepsConnection = keeps
      let answer = try await connection.answer(to: request)
      let rest = try await connection.rest()
      #expect(answer.status == 400)
      // nginx does not take a connection for its next request on which something comes behind the end of the last one.
      #expect(rest == (keeps ? FastCGIRecord(10, 0).bytes : []))
    }
  }

  @Test func `a body without an end is cut off`() async throws {
    var limits = Limits()
    limits.discardedBody = 100_000
    try await TestServer.run(limits: limits) { server in
      let connection = try server.connect()
      let request = post([UInt8](repeating: 0, count: 32_768), contentLength: .max)
      await #expect(throws: FastCGIConnection.Failure.self) {
        try await connection.send(request.head)
        while true { try await connection.send(request.tail.dropLast(8)) }
      }
    }
  }
}
