internal import Encoding

/// Where a server listens: on a Unix socket, or on a TCP port that only this machine can reach.
///
/// FastCGI has no authentication: whoever connects can claim any client address. So no other kind of address exists.
public struct ListenAddress: Sendable, Hashable, CustomStringConvertible {
  /// Why a text is not an address, in words for the operator.
  public struct Malformation: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong, and what to write instead.
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

  /// Parses "unix:PATH", "127.0.0.1:PORT" or "[::1]:PORT". Port 0 lets the system choose a port.
  public init(_ text: String) throws(Malformation) {
    if text.hasPrefix("unix:") {
      self.init(.unix(path: try Self.path(String(text.dropFirst(5)))))
    } else if text.hasPrefix("/") {
      throw Malformation(description: "write a socket's path as unix:\(text)")
    } else if let colon = text.lastIndex(of: ":") {
      let port = try Self.port(text[text.index(after: colon)...])
      switch text[..<colon] {
      case "127.0.0.1": self.init(.ipv4(port: port))
      case "[::1]": self.init(.ipv6(port: port))
      default:
        throw Malformation(
          description: "FastCGI must not be exposed to a network: listen on unix:PATH, 127.0.0.1:PORT or [::1]:PORT")
      }
    } else {
      throw Malformation(description: "write an address as unix:PATH, 127.0.0.1:PORT or [::1]:PORT")
    }
  }

  /// The text that parses as this address.
  public var description: String {
    switch location {
    case .unix(let path): "unix:\(path)"
    case .ipv4(let port): "127.0.0.1:\(port)"
    case .ipv6(let port): "[::1]:\(port)"
    }
  }

  /// The longest path that fits into `sockaddr_un` together with its terminating NUL (unix(7)).
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
