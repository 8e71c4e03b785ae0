import FastCGI
import FastCGIClient
import Foundation
import Gateway
import HTTPTypes
import Support
import Testing

/// A server on a socket of its own, for the time of a test.
struct TestServer: Sendable {
  let server: FastCGIServer
  let path: String
  let events: Events

  func connect() throws -> FastCGIConnection { try FastCGIConnection(path: path) }

  /// Sends a request on a connection of its own and expects an answer with this status.
  func expect(_ status: Int, to request: FastCGIRequest, sourceLocation: SourceLocation = #_sourceLocation) async throws
  {
    let answer = try await connect().answer(to: request)
    #expect(answer.status == status, sourceLocation: sourceLocation)
  }

  /// Expects that a connection is closed without a word more.
  func expectClosed(_ connection: FastCGIConnection, sourceLocation: SourceLocation = #_sourceLocation) async throws {
    let isClosed = try await connection.isClosedWithoutAWord()
    #expect(isClosed, sourceLocation: sourceLocation)
  }

  /// - Parameters:
  ///   - loops: how many the server has; otherwise as many as the suite says.
  ///   - observer: is told of each event on the server's thread.
  static func run(
    _ responder: any Responder = Echo(), loops: Int = LoopCounts.current, limits: ServerLimits = ServerLimits(),
    observer: @escaping @Sendable (FastCGIEvent) -> Void = { _ in }, _ body: (TestServer) async throws -> Void
  ) async throws {
    try await ScratchFolder.use { folder in
      let path = folder + "/s"
      let socket = try ListeningSocket(ListenAddress("unix:\(path)"))
      let events = Events()
      let server = FastCGIServer(
        socket: socket, loops: loops, limits: limits, responder: responder,
        overloaded: { _ in Response(status: .serviceUnavailable, fields: [.retryAfter: "1"]) },
        report: { event in
          observer(event)
          events.report(event)
        })
      let running = Task { try await server.run() }
      do {
        try await body(TestServer(server: server, path: path, events: events))
      } catch {
        server.stop(within: .zero)
        throw error
      }
      server.stop(within: .zero)
      try await running.value
    }
  }
}
