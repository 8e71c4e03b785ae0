internal import Encoding

/// The body of a form post, `application/x-www-form-urlencoded` (WHATWG URL Standard, section 5.2). Its bytes are
/// secret: they never appear in a log, a dump or an interpolated string.
public struct FormBody: Sendable, Hashable {
  /// The encoded bytes. This is the only access to them, so its uses are the places to audit.
  public private(set) var bytes: [UInt8] = []

  public init() {
    bytes.reserveCapacity(128)
  }

  /// Appends one field.
  public mutating func append(_ name: String, _ value: String) {
    if !bytes.isEmpty { bytes.append(UInt8(ascii: "&")) }
    encode(name)
    bytes.append(UInt8(ascii: "="))
    encode(value)
  }

  private mutating func encode(_ text: String) {
    for byte in text.utf8 {
      switch byte {
      case _ where byte.isLetterOrDigit, UInt8(ascii: "*"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"):
        bytes.append(byte)
      case UInt8(ascii: " "): bytes.append(UInt8(ascii: "+"))
      default: bytes += PercentEncoding.encode(byte)
      }
    }
  }
}

extension FormBody: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "\(bytes.count) bytes" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
