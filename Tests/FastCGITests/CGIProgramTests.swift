import FastCGI
import Foundation
import Gateway
import Glibc
import HTTPTypes
import Testing
import Threads

extension CGIProgram {
  /// Runs it as a process would, on a thread of its own.
  fileprivate func run(input: CInt, output: CInt) async -> Bool {
    await Execution.threads.blocking {
      let loop = EventLoop()
      return loop.run { await run(on: loop, input: input, output: output) }
    }
  }
}

@Suite(.timeLimit(.minutes(1))) struct CGIProgramTests {
  /// Runs the program with this much on standard input, which stays open unless it is said to end.
  private func run(
    _ environment: [String: String], input: [UInt8] = [], ends: Bool = true, timeout: Duration = .seconds(60),
    responder: any Responder = Echo()
  ) async throws -> String {
    let (stdin, stdout) = (Pipe(), Pipe())
    try stdin.fileHandleForWriting.write(contentsOf: input)
    if ends { try stdin.fileHandleForWriting.close() }
    let program = CGIProgram(
      environment: ["REQUEST_METHOD": "POST", "SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": "/register"].merging(
        environment
      ) { $1 }, limits: ServerLimits(peerTimeout: .milliseconds(20)), timeout: timeout, responder: responder)
    let isTaken = await program.run(
      input: stdin.fileHandleForReading.fileDescriptor, output: stdout.fileHandleForWriting.fileDescriptor)
    #expect(isTaken)
    try stdout.fileHandleForWriting.close()
    return String(decoding: try stdout.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
  }

  @Test func `the request is the environment and standard input`() async throws {
    let output = try await run(["CONTENT_LENGTH": "5"], input: Array("hello".utf8))
    #expect(output == "Status: 200 OK\r\n\r\nPOST /register hello")
  }

  @Test func `exactly the announced bytes are read, however long input stays open`() async throws {
    let output = try await run(["CONTENT_LENGTH": "5"], input: Array("hello and more".utf8), ends: false)
    #expect(output.hasSuffix("/register hello"))
    #expect(try await run([:], ends: false).hasSuffix("/register "))
    #expect(try await run(["CONTENT_LENGTH": "0"], ends: false).hasSuffix("/register "))
  }

  @Test(arguments: [("8192", "200"), ("8193", "413"), ("99999999999999999999", "413")])
  func `a body has at most 8 KiB`(_ length: String, _ status: String) async throws {
    let output = try await run(["CONTENT_LENGTH": length], input: [UInt8](repeating: 65, count: 8_192), ends: false)
    #expect(output.hasPrefix("Status: \(status) "))
  }

  @Test(arguments: ["x", "-1", "1 ", "+1"]) func `a length that is no number is wrong`(_ length: String) async throws {
    #expect(try await run(["CONTENT_LENGTH": length], input: [65]).hasPrefix("Status: 400 "))
  }

  @Test func `a body that ends early, or does not come, has the wrong length`() async throws {
    #expect(try await run(["CONTENT_LENGTH": "5"], input: [65]).hasPrefix("Status: 400 "))
    let output = try await run(["CONTENT_LENGTH": "5"], input: [65], ends: false, timeout: .milliseconds(20))
    #expect(output.hasPrefix("Status: 400 "))
  }

  @Test func `a body that comes in pieces is read to its end`() async throws {
    let (stdin, stdout) = (Pipe(), Pipe())
    try stdin.fileHandleForWriting.write(contentsOf: Data("he".utf8))
    let program = CGIProgram(
      environment: ["REQUEST_METHOD": "POST", "PATH_INFO": "/register", "CONTENT_LENGTH": "5"], responder: Echo())
    async let isTaken = program.run(
      input: stdin.fileHandleForReading.fileDescriptor, output: stdout.fileHandleForWriting.fileDescriptor)
    // Until the first piece was taken out of the pipe.
    var waiting: CInt = 2
    while waiting > 0 {
      #expect(unsafe ioctl(stdin.fileHandleForReading.fileDescriptor, UInt(FIONREAD), &waiting) == 0)
      await Task.yield()
    }
    try stdin.fileHandleForWriting.write(contentsOf: Data("llo".utf8))
    #expect(await isTaken)
    try stdout.fileHandleForWriting.close()
    let output = String(decoding: try stdout.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(output == "Status: 200 OK\r\n\r\nPOST /register hello")
  }

  @Test(arguments: [
    ["CONTENT_LENGTH": "200000"], ["CONTENT_LENGTH": "99999999999999999999"], ["CONTENT_LENGTH": "x"],
    ["HTTP_TRANSFER_ENCODING": "chunked"],
  ])
  func `a body that is not accepted is read all the same`(_ environment: [String: String]) async throws {
    let (stdin, stdout) = (Pipe(), Pipe())
    let program = CGIProgram(
      environment: environment.merging(["REQUEST_METHOD": "POST", "PATH_INFO": "/register"]) { $1 }, responder: Echo())
    async let isTaken = program.run(
      input: stdin.fileHandleForReading.fileDescriptor, output: stdout.fileHandleForWriting.fileDescriptor)
    // More than the pipe holds: this goes on only while somebody reads.
    let writing = stdin.fileHandleForWriting
    await Execution.threads.blocking {
      try? writing.write(contentsOf: Data(repeating: 65, count: 200_000))
      try? writing.close()
    }
    #expect(await isTaken)
    var left: CInt = -1
    #expect(unsafe ioctl(stdin.fileHandleForReading.fileDescriptor, UInt(FIONREAD), &left) == 0 && left == 0)
    try stdout.fileHandleForWriting.close()
    let output = String(decoding: try stdout.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    #expect(output.hasPrefix("Status: 4"))
  }

  @Test func `a body that has no end is not waited for for ever`() async throws {
    let output = try await run(["CONTENT_LENGTH": "9000"], input: [65], ends: false)
    #expect(output.hasPrefix("Status: 413 "))
  }

  @Test func `a web server that does not read is given up`() async throws {
    let (stdin, stdout) = (Pipe(), Pipe())
    let program = CGIProgram(
      environment: [:], timeout: .milliseconds(20),
      responder: Answering { _ in Response(status: .ok, body: [UInt8](repeating: 65, count: 1 << 20)) })
    let isTaken = await program.run(
      input: stdin.fileHandleForReading.fileDescriptor, output: stdout.fileHandleForWriting.fileDescriptor)
    #expect(!isTaken)
  }

  @Test func `a body without a length is asked for one`() async throws {
    #expect(try await run(["HTTP_TRANSFER_ENCODING": "chunked"], input: [65]).hasPrefix("Status: 411 "))
  }

  @Test func `the responder sees the web server's variables and not the rest of the environment`() async throws {
    let gate = Gate()
    await gate.open()
    _ = try await run(
      ["VONAGE_API_SECRET": "secret", "PATH": "/bin", "HTTP_HOST": "example.org", "REMOTE_ADDR": "192.0.2.1"],
      responder: gate)
    let names = try #require(await gate.requests.first).parameters.all.map(\.name)
    #expect(Set(names) == ["REQUEST_METHOD", "SCRIPT_NAME", "PATH_INFO", "HTTP_HOST", "REMOTE_ADDR"])
  }

  @Test func `what is to be done for a request is done before its answer is handed over`() async throws {
    let (stdin, stdout) = (Pipe(), Pipe())
    let output = stdout.fileHandleForReading.fileDescriptor
    let program = CGIProgram(
      environment: [:],
      responder: Answering { _ in
        var response = Response(status: .ok)
        response.afterwards = {
          var waiting: CInt = 2
          #expect(unsafe ioctl(output, UInt(FIONREAD), &waiting) == 0 && waiting == 0)
        }
        return response
      })
    let isTaken = await program.run(
      input: stdin.fileHandleForReading.fileDescriptor, output: stdout.fileHandleForWriting.fileDescriptor)
    #expect(isTaken)
    var written: CInt = 0
    #expect(unsafe ioctl(output, UInt(FIONREAD), &written) == 0 && written > 0)
  }

  @Test func `a web server that is gone harms nothing`() async {
    // In a process of its own, which a signal would end.
    await #expect(processExitsWith: .success) {
      signal(SIGPIPE, SIG_DFL)
      let (stdin, stdout) = (Pipe(), Pipe())
      try stdout.fileHandleForReading.close()
      let program = CGIProgram(environment: [:], responder: Echo())
      let isTaken = await program.run(
        input: stdin.fileHandleForReading.fileDescriptor, output: stdout.fileHandleForWriting.fileDescriptor)
      #expect(!isTaken)
    }
  }
}
