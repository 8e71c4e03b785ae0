import FastCGI
import FastCGIClient
import Gateway
import HTTPTypes
import Testing

@Suite(.loops(1, 2, 4), .timeLimit(.minutes(1))) struct FastCGIServerTests {
  @Test func `a request is answered, and the connection closed when the web server does not keep it`() async throws {
    try await TestServer.run { server in
      let connection = try server.connect()
      let answer = try await connection.answer(to: FastCGIRequest("POST", "/register", body: Array("a=1".utf8)))
      #expect(answer.status == 200)
      #expect(answer.text == "POST /register a=1")
      #expect(answer.applicationStatus == 0 && answer.protocolStatus == 0 && answer.errors.isEmpty)
      try await server.expectClosed(connection)
    }
  }

  @Test func `a kept connection serves one request after the other`() async throws {
    try await TestServer.run { server in
      let connection = try server.connect()
      for number in 0..<50 {
        var request = FastCGIRequest("POST", "/\(number)", body: Array("body \(number)".utf8))
        request.keepsConnection = true
        request.padding = number
        #expect(try await connection.answer(to: request).text == "POST /\(number) body \(number)")
      }
    }
  }

  @Test func `requests that come in one piece are answered in their order`() async throws {
    try await TestServer.run { server in
      let connection = try server.connect()
      var request = FastCGIRequest("POST", "/", body: [1, 2, 3])
      request.keepsConnection = true
      var bytes: [UInt8] = []
      for id in 1...2_000 {
        request.requestID = UInt16(id)
        bytes += request.bytes
      }
      async let sent: Void = connection.send(bytes)
      for id in 1...2_000 {
        let answer = try await connection.receive()
        #expect(answer.requestID == UInt16(id) && answer.status == 200)
      }
      try await sent
    }
  }

  @Test func `a request that comes while the one before it is answered has its turn after it`() async throws {
    let gate = Gate()
    let responder = Answering { request in
      request.path == "/slow" ? await gate.respond(to: request) : await Echo().respond(to: request)
    }
    try await TestServer.run(responder) { server in
      let connection = try server.connect()
      var request = FastCGIRequest("GET", "/slow")
      request.keepsConnection = true
      try await connection.send(request)
      await gate.waitForRequests(1)
      try await connection.send(FastCGIRequest("GET", "/next"))
      // The server has seen what came before this one.
      try await server.expect(200, to: FastCGIRequest())
      await gate.open()
      let answers = try await [connection.receive().text, connection.receive().text]
      #expect(answers == ["GET /slow ", "GET /next "])
    }
  }

  @Test(arguments: [1, 7, 8, 9, 1_000]) func `it does not matter in what portions a request comes`(_ portion: Int)
    async throws
  {
    try await TestServer.run { server in
      let connection = try server.connect()
      var request = FastCGIRequest("POST", "/x", parameters: [("HTTP_X", String(repeating: "x", count: 2_000))])
      request.body = Array("hello".utf8)
      request.parameters.append(("CONTENT_LENGTH", "5"))
      request.recordLength = 100
      request.padding = 3
      try await connection.send(request.bytes, inPortionsOf: portion)
      #expect(try await connection.receive().text == "POST /x hello")
    }
  }

  @Test func `all parameters arrive, many and long ones, up to the limit`() async throws {
    let gate = Gate()
    await gate.open()
    try await TestServer.run(gate) { server in
      var request = FastCGIRequest()
      request.parameters += (0..<2_000).map { ("HTTP_X_\($0)", "\($0)") }
      let used = FastCGIRequest.pairs(request.parameters).count
      request.parameters.append(("HTTP_LONG", String(repeating: "é", count: (65_536 - used - 14) / 2)))
      if FastCGIRequest.pairs(request.parameters).count == 65_535 { request.parameters[1].value += "x" }
      #expect(FastCGIRequest.pairs(request.parameters).count == 65_536)
      try await server.expect(200, to: request)
      let parameters = try #require(await gate.requests.first).parameters.all
      #expect(parameters.map(\.name) == request.parameters.map(\.name))
      #expect(parameters.map(\.value) == request.parameters.map(\.value))

      request.parameters[1].value += "x"
      let connection = try server.connect()
      #expect(try await connection.answer(to: request).status == 431)
      try await server.expectClosed(connection)
    }
  }

  @Test func `over TCP it is the same`() async throws {
    let socket = try ListeningSocket(ListenAddress("127.0.0.1:0"))
    let port = try #require(socket.port)
    let server = FastCGIServer(
      socket: socket, loops: LoopCounts.current, responder: Echo(),
      overloaded: { _ in Response(status: .serviceUnavailable) })
    let running = Task { try await server.run() }
    let connection = try FastCGIConnection(port: port)
    let answer = try? await connection.answer(to: FastCGIRequest("GET", "/tcp"))
    server.stop(within: .zero)
    try await running.value
    #expect(answer?.text == "GET /tcp ")
  }

  @Test func `an answer that is longer than any buffer arrives whole`() async throws {
    let body = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 7) }
    try await TestServer.run(Answering { _ in Response(status: .ok, body: body) }) { server in
      let connection = try server.connect()
      var request = FastCGIRequest()
      request.keepsConnection = true
      for _ in 0..<2 {
        #expect(try await connection.answer(to: request).body == body)
      }
    }
  }

  @Test func `an authorizer's request has no body, whatever its length says`() async throws {
    let gate = Gate()
    await gate.open()
    try await TestServer.run(gate) { server in
      var request = FastCGIRequest("POST", "/gate", contentLength: 7)
      request.role = .authorizer
      request.keepsConnection = true
      let connection = try server.connect()
      for _ in 0..<2 {
        #expect(try await connection.answer(to: request).text == "POST /gate ")
        // Some servers end the body that there is not.
        try await connection.send(request.tail)
      }
      #expect(await gate.requests.map(\.role) == [.authorizer, .authorizer])
    }
  }

  @Test func `a web server that has said all it has to say still gets its answer`() async throws {
    let gate = Gate()
    try await TestServer.run(gate) { server in
      let connection = try server.connect()
      try await connection.send(FastCGIRequest())
      connection.finishSending()
      await gate.waitForRequests(1)
      await gate.open()
      #expect(try await connection.receive().status == 200)
    }
  }
}
