/// A header field that one request has beyond those of all.
public struct HeaderField: Sendable, Hashable {
  let line: String

  /// - Precondition: the name is letters, digits and `-`, the value not empty and visible ASCII and blanks, so that neither
  ///   can begin another line.
  public init(_ name: String, _ value: String) {
    precondition(
      !name.isEmpty && name.utf8.allSatisfy(Self.isNameByte), "a field's name is letters, digits and -")
    precondition(
      !value.isEmpty && value.utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a field's value is printable ASCII")
    line = "\(name): \(value)"
  }

  private static func isNameByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
