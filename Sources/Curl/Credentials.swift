internal import Encoding

/// A user's name and password for HTTP's Basic scheme (RFC 7617). They never show themselves in a log, a dump or an
/// interpolated string.
public struct Credentials: Sendable, Hashable {
  /// The header field line as it is sent.
  let line: String

  /// - Returns: nil when the name holds a colon (the scheme cannot carry it) or either holds a NUL.
  public init?(user: String, password: String) {
    guard !user.utf8.contains(UInt8(ascii: ":")), !user.utf8.contains(0), !password.utf8.contains(0) else { return nil }
    line = "Authorization: Basic \(Base64.encode("\(user):\(password)".utf8))"
  }
}

extension Credentials: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "******" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
