/// The text of a form's names and values.
public enum FormText {
  /// Takes the escapes out of a name or a value (WHATWG URL standard, section 5.1).
  public static func decode(_ text: ArraySlice<UInt8>) throws(Form.Malformation) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.count)
    var rest = text
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "+"): bytes.append(UInt8(ascii: " "))
      case UInt8(ascii: "%"):
        guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal)
        else { throw .brokenEscape }
        bytes.append(high << 4 | low)
      default: bytes.append(byte)
      }
    }
    return try validated(bytes)
  }

  static func validated(_ bytes: [UInt8]) throws(Form.Malformation) -> String {
    guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    guard !bytes.contains(where: isForbidden) else { throw .controlCharacter }
    return decoded
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
    default: nil
    }
  }

  private static func isForbidden(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09...0x0D: false
    case 0..<0x20, 0x7F: true
    default: false
    }
  }
}
