public import HTTPTypes

/// One response, complete in memory.
public struct Response: Sendable {
  /// The status code and its reason phrase.
  public var status: HTTPResponse.Status
  /// The header fields, without a status.
  public var fields: HTTPFields
  /// The content.
  public var body: [UInt8]
  /// What remains to be done for the request that the client need not wait for. Whoever delivers the response does it,
  /// to the end.
  public var afterwards: (@Sendable () async -> Void)?

  /// Creates a response from its parts.
  public init(status: HTTPResponse.Status, fields: HTTPFields = [:], body: [UInt8] = []) {
    self.status = status
    self.fields = fields
    self.body = body
  }

  /// The response in CGI format (RFC 3875, section 6): a `Status` line, the header fields, an empty line, the body.
  ///
  /// The value of an `HTTPField` never contains CR, LF, or NUL (it replaces them), so nothing can be injected here.
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

  /// More bytes than a page's header fields take, so that the response is assembled without reallocation.
  private static let usualHead = 1_536
}
