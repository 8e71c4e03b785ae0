/// Reads a JSON text (RFC 8259) that is a single object. It is strict: the whole text must be well-formed. Only the
/// requested members are kept.
///
/// Foundation's decoder does several times the work for a response of two members, and accepts trailing commas,
/// unpaired surrogates and duplicate names.
public struct JSONReader {
  public struct Malformed: Error {}

  public enum Value: Sendable, Hashable {
    /// A string, with its escapes resolved.
    case text(String)
    /// A number as written.
    case number(String)
    case flag(Bool)
    /// An array of strings, possibly empty.
    case texts([String])
    /// An object, another array, or `null`.
    case other
  }

  /// How deeply objects and arrays may be nested.
  public static let deepest = 32

  private var rest: ArraySlice<UInt8>

  private init(_ text: [UInt8]) {
    rest = text[...]
  }

  /// The members with these names.
  ///
  /// - Parameter text: well-formed UTF-8; the caller bounds its length.
  /// - Throws: `Malformed`, also if a requested name occurs twice, since parsers differ in which one they take.
  public static func members(_ names: [String], of text: [UInt8]) throws(Malformed) -> [String: Value] {
    var reader = JSONReader(text)
    var members: [String: Value] = [:]
    reader.skipBlanks()
    try reader.readObject(depth: 1) { name, value throws(Malformed) in
      guard names.contains(name) else { return }
      guard members.updateValue(value, forKey: name) == nil else { throw Malformed() }
    }
    guard reader.rest.isEmpty else { throw Malformed() }
    return members
  }

  // MARK: Values, each with the whitespace after it

  private mutating func readObject(
    depth: Int, _ member: (String, Value) throws(Malformed) -> Void = { _, _ in }
  ) throws(Malformed) {
    try take("{")
    if takes("}") { return }
    repeat {
      let name = try readString()
      try take(":")
      try member(name, try readValue(depth: depth))
    } while takes(",")
    try take("}")
  }

  private mutating func readArray(depth: Int) throws(Malformed) -> Value {
    try take("[")
    if takes("]") { return .texts([]) }
    var texts: [String]? = []
    repeat {
      if case .text(let text) = try readValue(depth: depth) { texts?.append(text) } else { texts = nil }
    } while takes(",")
    try take("]")
    return texts.map { .texts($0) } ?? .other
  }

  /// - Parameter depth: how many objects and arrays enclose it.
  private mutating func readValue(depth: Int) throws(Malformed) -> Value {
    switch rest.first {
    case UInt8(ascii: "\""): return .text(try readString())
    case UInt8(ascii: "{"), UInt8(ascii: "["):
      guard depth < Self.deepest else { throw Malformed() }
      if rest.first == UInt8(ascii: "{") {
        try readObject(depth: depth + 1)
      } else {
        return try readArray(depth: depth + 1)
      }
    case UInt8(ascii: "t"):
      try take("true")
      return .flag(true)
    case UInt8(ascii: "f"):
      try take("false")
      return .flag(false)
    case UInt8(ascii: "n"): try take("null")
    default: return .number(try readNumber())
    }
    return .other
  }

  private mutating func readNumber() throws(Malformed) -> String {
    let start = rest
    if rest.first == UInt8(ascii: "-") { rest.removeFirst() }
    if rest.first == UInt8(ascii: "0") { rest.removeFirst() } else { try skipDigits() }
    if rest.first == UInt8(ascii: ".") {
      rest.removeFirst()
      try skipDigits()
    }
    if let letter = rest.first, letter | 0x20 == UInt8(ascii: "e") {
      rest.removeFirst()
      if let sign = rest.first, sign == UInt8(ascii: "+") || sign == UInt8(ascii: "-") { rest.removeFirst() }
      try skipDigits()
    }
    defer { skipBlanks() }
    return String(decoding: start[..<rest.startIndex], as: UTF8.self)
  }

  private mutating func skipDigits() throws(Malformed) {
    let digits = rest.prefix(while: \.isDigit)
    guard !digits.isEmpty else { throw Malformed() }
    rest = rest[digits.endIndex...]
  }

  private mutating func readString() throws(Malformed) -> String {
    guard rest.popFirst() == UInt8(ascii: "\"") else { throw Malformed() }
    var text = ""
    while true {
      let plain = rest.prefix { $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
      text += String(decoding: plain, as: UTF8.self)
      rest = rest[plain.endIndex...]
      switch rest.popFirst() {
      case UInt8(ascii: "\""):
        skipBlanks()
        return text
      case UInt8(ascii: "\\"): text.unicodeScalars.append(try readEscape())
      default: throw Malformed()  // A control character, or the end of the text.
      }
    }
  }

  /// Reads what follows a backslash.
  private mutating func readEscape() throws(Malformed) -> Unicode.Scalar {
    switch rest.popFirst() {
    case UInt8(ascii: "\""): return "\""
    case UInt8(ascii: "\\"): return "\\"
    case UInt8(ascii: "/"): return "/"
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let unit = try readUnit()
      if let scalar = Unicode.Scalar(unit) { return scalar }
      // Half of a UTF-16 surrogate pair: the other half has to follow.
      guard UTF16.isLeadSurrogate(unit), rest.starts(with: #"\u"#.utf8) else { throw Malformed() }
      rest = rest.dropFirst(2)
      let other = try readUnit()
      guard UTF16.isTrailSurrogate(other) else { throw Malformed() }
      return UTF16.decode(UTF16.EncodedScalar([unit, other]))
    default: throw Malformed()
    }
  }

  /// Reads four hexadecimal digits.
  private mutating func readUnit() throws(Malformed) -> UInt16 {
    let digits = rest.prefix(4)
    rest = rest.dropFirst(4)
    guard digits.count == 4 else { throw Malformed() }
    var unit: UInt16 = 0
    for digit in digits {
      guard let value = digit.hexadecimalValue else { throw Malformed() }
      unit = unit << 4 | UInt16(value)
    }
    return unit
  }

  // MARK: Tokens

  private mutating func take(_ word: StaticString) throws(Malformed) {
    guard takes(word) else { throw Malformed() }
  }

  private mutating func takes(_ word: StaticString) -> Bool {
    let isNext = word.withUTF8Buffer { unsafe rest.starts(with: $0) }
    if isNext {
      rest = rest.dropFirst(word.utf8CodeUnitCount)
      skipBlanks()
    }
    return isNext
  }

  private mutating func skipBlanks() {
    rest = rest.drop { $0.isBlank || $0.isLineEnd }
  }
}
