/// A request as a web server sends it, and the records that it is made of.
public struct FastCGIRequest: Sendable {
  public enum Role: UInt8, Sendable {
    case responder = 1
    case authorizer, filter
  }

  public var role = Role.responder
  public var requestID: UInt16 = 1
  public var keepsConnection = false
  public var parameters: [(name: String, value: String)]
  public var body: [UInt8]
  /// The longest content of a record of the parameters and the body.
  public var recordLength = 32_768
  /// So many bytes of padding behind each record with content.
  public var padding = 0

  public init(
    _ method: String = "GET", _ path: String = "/", parameters: [(name: String, value: String)] = [],
    body: [UInt8] = [], contentLength: Int? = nil
  ) {
    self.parameters = [
      ("REQUEST_METHOD", method), ("SCRIPT_NAME", path), ("SERVER_PROTOCOL", "HTTP/1.1"),
      ("REMOTE_ADDR", "192.0.2.1"),
    ]
    if let length = contentLength ?? (body.isEmpty ? nil : body.count) {
      self.parameters.append(("CONTENT_LENGTH", String(length)))
    }
    self.parameters += parameters
    self.body = body
  }

  /// The POST of a form.
  public init(form: String, to path: String, parameters: [(name: String, value: String)] = []) {
    self.init(
      "POST", path, parameters: [("CONTENT_TYPE", "application/x-www-form-urlencoded")] + parameters,
      body: Array(form.utf8))
  }

  public var bytes: [UInt8] { head + (role == .authorizer ? [] : tail) }

  /// The beginning and the parameters.
  public var head: [UInt8] {
    let begin = [0, role.rawValue, keepsConnection ? 1 : 0, 0, 0, 0, 0, 0] as [UInt8]
    return FastCGIRecord(1, requestID, begin).bytes + stream(4, Self.pairs(parameters))
  }

  /// The body.
  public var tail: [UInt8] { stream(5, body) }

  /// Name-value pairs (FastCGI specification 1.0, section 3.4).
  public static func pairs(_ parameters: [(name: String, value: String)]) -> [UInt8] {
    parameters.flatMap { length($0.name.utf8.count) + length($0.value.utf8.count) + $0.name.utf8 + $0.value.utf8 }
  }

  private static func length(_ count: Int) -> [UInt8] {
    count < 128
      ? [UInt8(count)]
      : [UInt8(count >> 24 | 0x80), UInt8(count >> 16 & 0xFF), UInt8(count >> 8 & 0xFF), UInt8(count & 0xFF)]
  }

  private func stream(_ type: UInt8, _ content: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] = []
    var rest = content[...]
    while !rest.isEmpty {
      bytes += FastCGIRecord(type, requestID, Array(rest.prefix(recordLength)), padding: padding).bytes
      rest = rest.dropFirst(recordLength)
    }
    return bytes + FastCGIRecord(type, requestID).bytes
  }
}
