internal import Foundation

/// An HTTP server for tests, on a free port of 127.0.0.1: real sockets, one thread, answers by script.
///
/// It speaks just enough HTTP for its purpose and breaks the protocol wherever the script wants it to.
public final class HTTPFixture: Sendable {
  public let port: UInt16
  private let board = Board()

  /// - Parameter script: what to do about each request; called on the server's thread.
  public init(_ script: @escaping @Sendable (ReceivedRequest) -> Reaction) throws {
    let (descriptor, port) = try LoopbackSocket.bound()
    try LoopbackSocket.listen(descriptor)
    self.port = port
    start(descriptor, script)
  }

  /// A server on a port that was reserved before.
  public init(on reserved: ReservedPort, _ script: @escaping @Sendable (ReceivedRequest) -> Reaction) throws {
    port = reserved.port
    try LoopbackSocket.listen(reserved.descriptor)
    start(reserved.descriptor, script)
  }

  private func start(_ listener: Int32, _ script: @escaping @Sendable (ReceivedRequest) -> Reaction) {
    let board = board
    let thread = Thread {
      ScriptedServer(listener: listener, board: board, script: script).run()
    }
    thread.start()
  }

  deinit {
    board.close()
  }

  public var url: String { "http://127.0.0.1:\(port)" }

  /// Every complete request so far.
  public var requests: [ReceivedRequest] { board.allRequests }

  /// How many connections were accepted so far.
  public var connections: Int { board.allConnections }

  /// Returns when so many complete requests have come.
  public func waitForRequests(_ count: Int) async { await board.waitForRequests(count) }

  /// Returns when so many connections were closed, by either side.
  public func waitForEnds(_ count: Int) async { await board.waitForEnds(count) }

  /// Sends all answers that are held, and holds none any more.
  public func release() { board.release() }
}
