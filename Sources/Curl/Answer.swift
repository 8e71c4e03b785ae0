/// A complete HTTP response, whatever its status.
public struct Answer: Sendable, Hashable {
  /// The HTTP status, 200 to 599.
  public let status: Int
  /// The body, at most `longestBody` bytes.
  public let body: [UInt8]
  /// The `Retry-After` field as received (RFC 9110, section 10.2.3), if it is printable ASCII.
  public let retryAfter: String?
  /// The other header fields by lower-case name, if the request asked for them; of repeated fields, the last one.
  public let head: [String: String]

  init(status: Int, body: [UInt8], retryAfter: String?, head: [String: String] = [:]) {
    self.status = status
    self.body = body
    self.retryAfter = retryAfter
    self.head = head
  }

  /// The maximum length of a body in bytes: a hundred times what the APIs send.
  public static let longestBody = 65_536
  /// The maximum length of the status line and header fields together, in bytes.
  public static let longestHead = 16_384
}

extension Answer: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "HTTP \(status), \(body.count) bytes" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["status": status, "bytes": body.count]) }
}
