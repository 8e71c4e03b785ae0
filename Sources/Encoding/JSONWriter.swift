/// Writes a JSON text (RFC 8259) that is a single object, with its members in the order of the calls. The caller must
/// not repeat a name.
public struct JSONWriter {
  private var text: [UInt8] = [UInt8(ascii: "{")]

  public init() {
    text.reserveCapacity(1_024)
  }

  public mutating func put(_ name: StaticString, _ value: String) {
    putName(name)
    Self.append(value, to: &text)
  }

  public mutating func put(_ name: StaticString, _ value: Int64) {
    putName(name)
    text += String(value).utf8
  }

  public mutating func put(_ name: StaticString, _ value: JSONWriter) {
    putName(name)
    text += value.bytes
  }

  public mutating func put(_ name: StaticString, _ values: [String]) {
    putName(name)
    putList(values) { Self.append($0, to: &$1) }
  }

  public mutating func put(_ name: StaticString, _ values: [JSONWriter]) {
    putName(name)
    putList(values) { $1 += $0.bytes }
  }

  /// The whole text.
  public var bytes: [UInt8] { text + [UInt8(ascii: "}")] }

  private mutating func putName(_ name: StaticString) {
    if text.count > 1 { text.append(UInt8(ascii: ",")) }
    Self.append("\(name)", to: &text)
    text.append(UInt8(ascii: ":"))
  }

  private mutating func putList<Value>(_ values: [Value], _ put: (Value, inout [UInt8]) -> Void) {
    text.append(UInt8(ascii: "["))
    for (index, value) in values.enumerated() {
      if index > 0 { text.append(UInt8(ascii: ",")) }
      put(value, &text)
    }
    text.append(UInt8(ascii: "]"))
  }

  /// Appends a string (RFC 8259, section 7). The characters that could end a script element are escaped too, wherever
  /// the text ends up.
  private static func append(_ value: String, to text: inout [UInt8]) {
    text.append(UInt8(ascii: "\""))
    for byte in value.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): text += [UInt8(ascii: "\\"), byte]
      case 0..<0x20, 0x7F, UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
        text += "\\u00\(Hexadecimal.text([byte]))".utf8
      default: text.append(byte)
      }
    }
    text.append(UInt8(ascii: "\""))
  }
}
