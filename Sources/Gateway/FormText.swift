internal import Encoding

/// The text of a form's names and values.
public enum FormText {
  /// Takes the escapes out of a name or a value (WHATWG URL standard, section 5.1).
  public static func decode(_ text: ArraySlice<UInt8>) throws(Form.Malformation) -> String {
    guard let bytes = PercentEncoding.decode(text, plusIsSpace: true) else { throw .brokenEscape }
    return try validated(bytes)
  }

  static func validated(_ bytes: [UInt8]) throws(Form.Malformation) -> String {
    guard let decoded = String(validating: bytes, as: UTF8.self) else { throw .notUTF8 }
    guard !bytes.contains(where: isForbidden) else { throw .controlCharacter }
    return decoded
  }

  private static func isForbidden(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x09...0x0D: false
    case 0..<0x20, 0x7F: true
    default: false
    }
  }
}
