/// A host by its name, and the TCP port that is asked for there.
public struct Host: Sendable, Hashable {
  /// A DNS name, or an address as text.
  public let name: String
  public let port: UInt16

  public init(name: String, port: UInt16) {
    self.name = name
    self.port = port
  }
}
