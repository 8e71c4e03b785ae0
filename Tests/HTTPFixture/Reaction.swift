/// What the fixture does about one request.
public enum Reaction: Sendable {
  /// What becomes of the connection afterwards.
  public enum Then: Sendable {
    case keep, close, reset
  }

  case send([UInt8], then: Then)
  /// Nothing until `HTTPFixture.release`, then these bytes.
  case hold([UInt8])
  /// These bytes, and then one more every few milliseconds, for ever.
  case drip([UInt8], endlessly: UInt8)
  /// The connection stays open and nothing comes.
  case silence

  /// A whole answer on a connection that stays open.
  public static func answer(
    _ body: String, status: Int = 200, fields: [String] = [], then: Then = .keep
  ) -> Reaction {
    .send(bytes(Array(body.utf8), status: status, fields: fields), then: then)
  }

  public static func bytes(_ body: [UInt8], status: Int = 200, fields: [String] = []) -> [UInt8] {
    let head = ["HTTP/1.1 \(status) Status"] + fields + ["Content-Length: \(body.count)", "", ""]
    return Array(head.joined(separator: "\r\n").utf8) + body
  }
}
