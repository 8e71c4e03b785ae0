/// One complete HTTP answer, whatever its status.
public struct Answer: Sendable, Hashable {
  /// The HTTP status, 200 to 599.
  public let status: Int
  /// The body's bytes, at most `longestBody`.
  public let body: [UInt8]
  /// The `Retry-After` field as it came (RFC 9110, section 10.2.3), if it is readable text.
  public let retryAfter: String?
  /// The other fields by their names in lower case, where the request wanted them; of several of a name the last one.
  public let head: [String: String]

  init(status: Int, body: [UInt8], retryAfter: String?, head: [String: String] = [:]) {
    self.status = status
    self.body = body
    self.retryAfter = retryAfter
    self.head = head
  }

  /// The most bytes that a body may have: a hundred times what the APIs answer.
  public static let longestBody = 65_536
  /// The most bytes that status line and header fields may have together.
  public static let longestHead = 16_384
}

extension Answer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "HTTP \(status), \(body.count) bytes" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["status": status, "bytes": body.count]) }
}
