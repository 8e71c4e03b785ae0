/// Why there are no addresses of a host, in words for the owner: "redis.example: Name or service not known".
public struct HostFailure: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
