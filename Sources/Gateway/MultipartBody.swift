/// The parts of a `multipart/form-data` body (RFC 7578; RFC 2046, section 5.1), as browsers write it: `fetch` with a
/// `FormData`, and a form with `enctype`.
///
/// Its length has been bounded, so its parts need no limits of their own.
struct MultipartBody {
  struct Part {
    let name: String
    /// Whether it has a file name: then it is not a field's text.
    let isFile: Bool
    let content: ArraySlice<UInt8>
  }

  private(set) var parts: [Part] = []

  init(_ body: [UInt8], contentType: String) throws(Form.Malformation) {
    guard let boundary = Self.parameter("boundary", of: contentType), (1...70).contains(boundary.utf8.count) else {
      throw .brokenParts
    }
    let delimiter = Array("\r\n--\(boundary)".utf8)
    // The first delimiter is at the very beginning, without the line break that is part of the others.
    var rest = (Self.lineEnd + body)[...]
    guard Self.drop(through: delimiter, from: &rest) != nil else { throw .brokenParts }
    while !rest.starts(with: Self.end) {
      guard rest.starts(with: Self.lineEnd), let part = Self.drop(through: delimiter, from: &rest) else {
        throw .brokenParts
      }
      parts.append(try Self.part(part.dropFirst(Self.lineEnd.count)))
    }
  }

  private static let lineEnd = Array("\r\n".utf8)
  private static let end = Array("--".utf8)

  private static func part(_ text: ArraySlice<UInt8>) throws(Form.Malformation) -> Part {
    var rest = text
    guard let head = drop(through: Array("\r\n\r\n".utf8), from: &rest) else { throw .brokenParts }
    for line in String(decoding: head, as: UTF8.self).unicodeScalars.split(separator: "\n") {
      let line = String(Substring(line))
      guard line.lowercased().hasPrefix("content-disposition:") else { continue }
      guard let name = parameter("name", of: line) else { throw .brokenParts }
      return Part(name: name, isFile: parameter("filename", of: line) != nil, content: rest)
    }
    throw .brokenParts
  }

  /// Removes and returns what comes before the delimiter; `text` continues after it. Nil if there is no delimiter.
  private static func drop(through mark: [UInt8], from text: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
    guard let range = text.firstRange(of: mark) else { return nil }
    defer { text = text[range.upperBound...] }
    return text[..<range.lowerBound]
  }

  /// The value of a parameter, `; name=value` or `; name="value"`. Browsers write a quote in a value as `%22`.
  private static func parameter(_ name: String, of field: String) -> String? {
    var rest = Array(field.utf8)[...]
    while let semicolon = rest.firstIndex(of: UInt8(ascii: ";")) {
      rest = rest[(semicolon + 1)...].drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
      let key = rest.prefix { $0 != UInt8(ascii: "=") && $0 != UInt8(ascii: ";") }
      rest = rest.dropFirst(key.count)
      guard rest.popFirst() == UInt8(ascii: "=") else { continue }
      let value: ArraySlice<UInt8>
      if rest.first == UInt8(ascii: "\"") {
        rest = rest.dropFirst()
        value = rest.prefix { $0 != UInt8(ascii: "\"") }
        rest = rest.dropFirst(value.count + 1)
      } else {
        value = rest.prefix { ![UInt8(ascii: ";"), UInt8(ascii: " "), UInt8(ascii: "\r")].contains($0) }
        rest = rest.dropFirst(value.count)
      }
      if String(decoding: key, as: UTF8.self).lowercased() == name { return String(decoding: value, as: UTF8.self) }
    }
    return nil
  }
}
