/// A free port of 127.0.0.1 that refuses connections, until a fixture is started on it.
public final class ReservedPort: Sendable {
  public let port: UInt16
  let descriptor: Int32

  public init() throws {
    (descriptor, port) = try LoopbackSocket.bound()
  }

  public var url: String { "http://127.0.0.1:\(port)" }
}
