internal import Encoding

/// A user name and password for HTTP Basic authentication (RFC 7617). They never appear in a log, a dump or an
/// interpolated string.
public struct Credentials: Sendable, Hashable {
  /// The header field line as sent.
  let line: String

  /// - Returns: nil if the user name contains a colon (the scheme cannot carry it) or either contains a NUL.
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
