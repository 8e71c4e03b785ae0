internal import Encoding

/// A header field that one request has in addition to the common ones.
public struct HeaderField: Sendable, Hashable {
  let line: String

  /// - Precondition: the name consists of letters, digits, `-` and `_`; the value is printable ASCII and not empty. So
  ///   neither can start another line.
  public init(_ name: String, _ value: String) {
    precondition(
      !name.isEmpty
        && name.utf8.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") },
      "a field's name consists of letters, digits, - and _")
    precondition(
      !value.isEmpty && value.utf8.allSatisfy(\.isPrintable), "a field's value is printable ASCII")
    line = "\(name): \(value)"
  }
}

/// One field line of an HTTP head (RFC 9112, section 5).
enum HeaderLine {
  /// The value of the field, if the line has this name and its value is printable ASCII.
  ///
  /// - Parameter name: in lower case.
  static func value(of name: String, in line: some Collection<UInt8>) -> String? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
      line[..<colon].elementsEqual(name.utf8, by: { $0 == $1 || $0 | 0x20 == $1 })
    else { return nil }
    let bytes = Array(line[line.index(after: colon)...]).trimming { $0.isBlank || $0.isLineEnd }
    guard bytes.allSatisfy(\.isPrintable) else { return nil }
    return String(decoding: bytes, as: UTF8.self)
  }

  /// The lower-cased name and the value of a line in which both are printable ASCII.
  static func field(in line: some Collection<UInt8>) -> (name: String, value: String)? {
    guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
    let name = Array(line[..<colon])
    let value = Array(line[line.index(after: colon)...]).trimming { $0.isBlank || $0.isLineEnd }
    guard !name.isEmpty, (name + value).allSatisfy(\.isPrintable) else { return nil }
    return (String(decoding: name, as: UTF8.self).lowercased(), String(decoding: value, as: UTF8.self))
  }
}
