internal import Encoding

/// Where a server listens: a Unix socket, or a TCP port that only this machine reaches.
///
/// FastCGI has no authentication: whoever connects says what the visitor's address is. So no other address exists.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  /// Why a text is no address, in words for the operator.
  public struct Malformation: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and what to write.
    public let description: String
  }

  enum Location: Hashable {
    case unix(path: String)
    /// 127.0.0.1
    case ipv4(port: UInt16)
    /// ::1
    case ipv6(port: UInt16)
  }

  let location: Location

  init(_ location: Location) {
    self.location = location
  }

  /// Reads "unix:PATH", "127.0.0.1:PORT" or "[::1]:PORT". Port 0 lets the system choose one.
  public init(_ text: String) throws(Malformation) {
    if text.hasPrefix("unix:") {
      self.init(.unix(path: try Self.path(String(text.dropFirst(5)))))
    } else if text.hasPrefix("/") {
      throw Malformation(description: "a path of a socket is written as unix:\(text)")
    } else if let colon = text.lastIndex(of: ":") {
      let port = try Self.port(text[text.index(after: colon)...])
      switch text[..<colon] {
      case "127.0.0.1": self.init(.ipv4(port: port))
      case "[::1]": self.init(.ipv6(port: port))
      default:
        throw Malformation(
          description: "FastCGI must not be reached from a network: listen on unix:PATH, 127.0.0.1:PORT or [::1]:PORT")
      }
    } else {
      throw Malformation(description: "an address is written as unix:PATH, 127.0.0.1:PORT or [::1]:PORT")
    }
  }

  /// The text that is read as this address.
  public var description: String {
    switch location {
    case .unix(let path): "unix:\(path)"
    case .ipv4(let port): "127.0.0.1:\(port)"
    case .ipv6(let port): "[::1]:\(port)"
    }
  }

  /// The longest path that fits into `sockaddr_un` with the NUL that ends it (unix(7)).
  static let longestPath = 107

  private static func path(_ path: String) throws(Malformation) -> String {
    guard path.hasPrefix("/") else { throw Malformation(description: "the path of the socket must begin with /") }
    guard path.utf8.count <= longestPath else {
      throw Malformation(description: "the path of the socket is longer than \(longestPath) bytes")
    }
    guard !path.hasSuffix("/"), !path.utf8.contains(0) else {
      throw Malformation(description: "the path of the socket does not name a file")
    }
    return path
  }

  private static func port(_ text: Substring) throws(Malformation) -> UInt16 {
    guard !text.isEmpty, text.utf8.areDigits, let port = UInt16(text)
    else { throw Malformation(description: "the port must be a number from 0 to 65535") }
    return port
  }
}
