/// The fields of an `application/x-www-form-urlencoded` body (WHATWG URL standard, section 5.1), read strictly.
///
/// What browsers never send is an error and not a guess: a broken escape, bytes that are not UTF-8, a control
/// character other than tab and line ends, a field that comes twice, more than 32 fields.
public struct Form: Sendable {
  /// What no browser sends.
  public enum Malformation: Error, Sendable, Hashable {
    case brokenEscape, notUTF8, controlCharacter, duplicateField, tooManyFields
  }

  private let fields: [String: String]

  /// Reads a body that was limited in length before.
  public init(urlencoded body: [UInt8]) throws(Malformation) {
    var fields: [String: String] = [:]
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = try Self.decode(pair[..<equals])
      let value = try equals < pair.endIndex ? Self.decode(pair[pair.index(after: equals)...]) : ""
      guard fields.updateValue(value, forKey: name) == nil else { throw .duplicateField }
      guard fields.count <= Self.mostFields else { throw .tooManyFields }
    }
    self.fields = fields
  }

  static let mostFields = 32

  /// The value of the field with this name; nil when there is none.
  public subscript(name: String) -> String? { fields[name] }

  private static func decode(_ text: ArraySlice<UInt8>) throws(Malformation) -> String {
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
    case UInt8(ascii: "\t"), UInt8(ascii: "\n"), UInt8(ascii: "\r"): false
    case 0..<0x20, 0x7F: true
    default: false
    }
  }
}
