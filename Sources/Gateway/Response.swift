public import HTTPTypes

/// One answer, whole in memory.
public struct Response: Sendable {
  /// The status code and its words.
  public var status: HTTPResponse.Status
  /// The header fields, without a status.
  public var fields: HTTPFields
  /// The content.
  public var body: [UInt8]
  /// What is still to be done for its request, which the visitor need not wait for. Whoever hands over the answer does it,
  /// to its end.
  public var afterwards: (@Sendable () async -> Void)?

  /// An answer with these parts.
  public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The answer in the form of RFC 3875, section 6: a `Status` line, the header fields, a blank line, the body.
  ///
  /// `HTTPField` never holds CR, LF or NUL in a value (it replaces them), so nothing can be injected here.
  public var cgiBytes: [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(body.count + Self.usualHead)
    bytes += "Status: \(status.code) \(status.reasonPhrase)\r\n".utf8
    for field in fields {
      bytes += field.name.rawName.utf8
      bytes += ": ".utf8
      bytes += field.value.utf8
      bytes += "\r\n".utf8
    }
    bytes += "\r\n".utf8
    bytes += body
    return bytes
  }

  /// More bytes than the head of a page has, so that the answer is put together in one piece of memory.
  private static let usualHead = 1_536
}
