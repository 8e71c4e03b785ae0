import FastCGI
import FastCGIClient
import Foundation
import Gateway
import Testing

/// More requests and connections than there is room for.
@Suite(.loops(1, 2, 4), .timeLimit(.minutes(1))) struct LoadTests {
  @Test func `requests over the limit are told so at once, and the others are answered`() async throws {
    let gate = Gate()
    try await TestServer.run(gate, limits: ServerLimits(requestsInFlight: 3)) { server in
      var waiting: [FastCGIConnection] = []
      for _ in 0..<3 {
        waiting.append(try server.connect())
        try await waiting.last?.send(FastCGIRequest("POST", "/", body: [65]))
      }
      await gate.waitForRequests(3)

      var request = FastCGIRequest("POST", "/", body: [UInt8](repeating: 65, count: 8_192))
      request.keepsConnection = true
      let connection = try server.connect()
      for _ in 0..<10 {
        let answer = try await connection.answer(to: request)
        #expect(answer.status == 503 && answer["Retry-After"] == "1")
      }
      #expect(server.events.all == [.overloaded])

      await gate.open()
      for connection in waiting {
        let answer = try await connection.receive()
        #expect(answer.text == "POST / A")
      }
      let answer = try await connection.answer(to: request)
      #expect(answer.status == 200)
    }
  }

  @Test func `requests in one piece that are all too many are all told so`() async throws {
    try await TestServer.run(limits: ServerLimits(requestsInFlight: 0)) { server in
      var request = FastCGIRequest()
      request.keepsConnection = true
      let connection = try server.connect()
      // More than is received in one go.
      async let sent: Void = connection.send(Array(repeating: request.bytes, count: 3_000).flatMap(\.self))
      for _ in 0..<3_000 {
        let answer = try await connection.receive()
        #expect(answer.status == 503)
      }
      try await sent
    }
  }

  @Test func `connections over the limit wait until there is room`() async throws {
    try await TestServer.run(limits: ServerLimits(connections: 2, idleBeforeReclaim: .seconds(3_600))) { server in
      var request = FastCGIRequest()
      request.keepsConnection = true
      var first: [FastCGIConnection] = [try server.connect(), try server.connect()]
      for connection in first {
        _ = try await connection.answer(to: request)
      }
      let third = try server.connect()
      try await third.send(request)
      await server.events.wait(for: .acceptingPaused(.connections))
      first.removeLast()
      let answer = try await third.receive()
      #expect(answer.status == 200)
      #expect(server.events.all.contains(.acceptingResumed))
    }
  }

  @Test func `of idle connections the one that has been so for longest gives way to one that waits`() async throws {
    let limits = ServerLimits(connections: 3, idleBeforeReclaim: .zero)
    try await TestServer.run(limits: limits) { server in
      var request = FastCGIRequest()
      request.keepsConnection = true
      let kept = [try server.connect(), try server.connect(), try server.connect()]
      for index in [0, 1, 2, 1] {
        let answer = try await kept[index].answer(to: request)
        #expect(answer.status == 200)
      }
      var others: [FastCGIConnection] = []
      for ended in [[true, false, false], [true, false, true], [true, true, true]] {
        others.append(try server.connect())
        let answer = try await others.last?.answer(to: request)
        #expect(answer?.status == 200)
        #expect(kept.map { $0.hasEndedWithoutAWord() } == ended)
      }
      #expect(server.events.all.count { $0 == .reclaimed(1) } == 3)
    }
  }

  @Test func `silent peers keep nobody out`() async throws {
    let limits = ServerLimits(connections: 20, peerTimeout: .seconds(3_600), idleBeforeReclaim: .zero)
    try await TestServer.run(limits: limits) { server in
      let silent = try (0..<500).map { _ in try server.connect() }
      for _ in 0..<10 { try await server.expect(200, to: FastCGIRequest()) }
      #expect(silent.count { !$0.hasEndedWithoutAWord() } <= 20)
    }
  }

  @Test func `a request that has begun does not give way`() async throws {
    let limits = ServerLimits(connections: 3, peerTimeout: .seconds(3_600), idleBeforeReclaim: .zero)
    let gate = Gate()
    try await TestServer.run(gate, limits: limits) { server in
      var request = FastCGIRequest("POST", "/", body: [65])
      request.keepsConnection = true
      let answering = try server.connect()
      try await answering.send(request)
      await gate.waitForRequests(1)
      let half = try server.connect()
      try await half.send(Array(request.bytes.dropLast(3)))
      let silent = try server.connect()
      let other = try server.connect()
      try await other.send(request)
      await gate.waitForRequests(2)
      #expect(silent.hasEndedWithoutAWord())
      let last = try server.connect()
      try await last.send(request)
      await server.events.wait(for: .acceptingPaused(.connections))
      await gate.open()
      #expect(try await answering.receive().text == "POST / A")
      try await half.send(Array(request.bytes.suffix(3)))
      for connection in [half, other, last] {
        let answer = try await connection.receive()
        #expect(answer.text == "POST / A")
      }
    }
  }

  @Test func `a thousand waiting requests need no threads`() async {
    // In a process of its own, where nobody else starts threads.
    await #expect(processExitsWith: .success) {
      func threads() throws -> Int { try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task").count }
      let gate = Gate()
      try await TestServer.run(gate) { server in
        var connections: [FastCGIConnection] = []
        var before = 0
        for number in 1...1_000 {
          let connection = try server.connect()
          try await connection.send(FastCGIRequest("GET", "/\(number)"))
          connections.append(connection)
          if number == 10 {
            await gate.waitForRequests(10)
            before = try threads()
          }
        }
        await gate.waitForRequests(1_000)
        // The client's thread may be about to end.
        #expect(try threads() <= before + 2)
        await gate.open()
        for (index, connection) in connections.enumerated() {
          let answer = try await connection.receive()
          #expect(answer.text == "GET /\(index + 1) ")
        }
      }
    }
  }

  @Test func `a process that runs out of descriptors serves all the same`() async {
    await #expect(processExitsWith: .success) {
      let limits = ServerLimits(peerTimeout: .milliseconds(40), idleBeforeReclaim: .seconds(3_600))
      try await TestServer.run(limits: limits) { server in
        var request = FastCGIRequest()
        request.keepsConnection = true
        let kept = try server.connect()
        _ = try await kept.answer(to: request)
        let late = try (0..<5).map { _ in try FastCGIConnection() }
        let shortage = Shortage()
        for connection in late {
          try connection.connect(path: server.path)
          try await connection.send(request)
        }
        await server.events.wait(for: .acceptingPaused(.system(EMFILE)))
        let answer = try await kept.answer(to: request)
        #expect(answer.status == 200)

        shortage.end()
        for connection in late {
          let answer = try await connection.receive()
          #expect(answer.status == 200)
        }
      }
    }
  }

  @Test func `a process without descriptors that is stopped answers those who wait all the same`() async {
    await #expect(processExitsWith: .success) {
      for loops in [1, 2, 4] {
        let limits = ServerLimits(peerTimeout: .milliseconds(40), idleBeforeReclaim: .seconds(3_600))
        try await TestServer.run(loops: loops, limits: limits) { server in
          // From then on it has all the descriptors of its own, and gives none back: the connection is kept.
          let kept = try server.connect()
          var request = FastCGIRequest()
          request.keepsConnection = true
          #expect(try await kept.answer(to: request).status == 200)
          let late = try (0..<5).map { _ in try FastCGIConnection() }
          let shortage = Shortage()
          for connection in late {
            try connection.connect(path: server.path)
            try await connection.send(FastCGIRequest())
          }
          await server.events.wait(for: .acceptingPaused(.system(EMFILE)))
          server.server.stop(within: .seconds(3_600))
          await server.events.wait(for: .stopping)
          shortage.end()
          for connection in late {
            let answer = try await connection.receive()
            #expect(answer.status == 200)
          }
          await server.events.wait(for: .stopped(unfinished: 0))
          withExtendedLifetime(kept) {}
        }
      }
    }
  }
}

/// A process, this one, that can open no more descriptors.
private struct Shortage {
  private let before: rlimit
  private let fillers: [Int32]

  init() {
    let lowest = dup(0)
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    before = limit
    limit.rlim_cur = rlim_t(lowest + 2)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    var fillers = [lowest]
    while case let filler = dup(0), filler >= 0 { fillers.append(filler) }
    self.fillers = fillers
  }

  func end() {
    for filler in fillers { close(filler) }
    var limit = before
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
