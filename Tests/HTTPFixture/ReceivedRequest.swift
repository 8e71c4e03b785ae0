/// One request as the fixture read it from the wire.
public struct ReceivedRequest: Sendable {
  /// Its place among all requests of the fixture, from 1.
  public let number: Int
  /// The connection that it came on, from 1 in the order of accepting.
  public let connection: Int
  public let method: String
  public let target: String
  public let fields: [(name: String, value: String)]
  public let body: [UInt8]

  /// The value of a field that came once, else nil.
  public func field(_ name: String) -> String? {
    let values = fields.filter { $0.name.lowercased() == name.lowercased() }
    return values.count == 1 ? values[0].value : nil
  }

  /// The body's fields as they stand in it, encoded: "a=1&b=%2B" gives [["a", "1"], ["b", "%2B"]].
  public var form: [[String]] {
    String(decoding: body, as: UTF8.self).split(separator: "&").map { $0.split(separator: "=").map(String.init) }
  }
}
