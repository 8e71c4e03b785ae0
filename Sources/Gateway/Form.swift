internal import Encoding

/// The fields of a form that the program knows, from an `application/x-www-form-urlencoded` body (WHATWG URL Standard,
/// section 5.1), a `multipart/form-data` body (RFC 7578), or an `application/json` body.
///
/// Fields with other names are the site's own, or a widget's: they are ignored, however many there are and whatever
/// they contain. Anything that browsers never send in a known field is an error: a broken escape, bytes that are not
/// UTF-8, a control character other than tab and line breaks (word processors also paste vertical ones).
///
/// If a field is sent more than once, its last nonempty value counts: a widget for phone numbers or PINs adds a field
/// with the same name after the visible one, containing its version of the text. A field that the program itself wrote
/// into the page may only be repeated with the same value, or is searched for among all values (`Field.Repetition`).
public struct Form: Sendable {
  /// A field that the program knows.
  public struct Field: Sendable, Hashable {
    /// What several values of one field mean.
    public enum Repetition: Sendable {
      /// The last nonempty value counts.
      case isReplaced
      /// The program made the value, and two different ones come from two pages.
      case isContradiction
      /// The site may have a field of that name, too. The reader recognizes the program's value among them (`Form.all`).
      case isKept
    }

    let name: String
    let repetition: Repetition

    public init(_ name: String, repetition: Repetition = .isReplaced) {
      self.name = name
      self.repetition = repetition
    }
  }

  /// Something that no browser sends; its name is the reason in the log.
  public enum Malformation: Error, Sendable, Hashable {
    case brokenEscape, notUTF8, controlCharacter
    /// A field that the program made came with two values.
    case contradictoryFields
    /// A multipart body without a boundary, or one that is cut off or otherwise broken.
    case brokenParts
    /// A body that is not a single JSON object, or that has a field twice.
    case brokenJSON
    /// A JSON member that is not a string.
    case notText
  }

  private var values: [String: String] = [:]
  /// The values of the known fields, in their order.
  private var kept: [String: [String]] = [:]
  /// The names of the fields that came with more than one value.
  public private(set) var repeated: Set<String> = []
  private let known: [Field]

  private init(of known: [Field]) {
    self.known = known
  }

  /// Parses a URL-encoded body, whose length the caller has bounded.
  public init(urlencoded body: [UInt8], fields known: [Field]) throws(Malformation) {
    self.init(of: known)
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      // A name that cannot be read is not one of ours.
      guard let name = try? FormText.decode(pair[..<equals]), let field = field(named: name) else { continue }
      try add(equals < pair.endIndex ? try FormText.decode(pair[pair.index(after: equals)...]) : "", to: field)
    }
  }

  /// Parses a multipart body, whose length the caller has bounded, as `fetch` makes it from a `FormData`.
  ///
  /// - Parameter contentType: the header field, which names the boundary.
  public init(multipart body: [UInt8], contentType: String, fields known: [Field]) throws(Malformation) {
    self.init(of: known)
    for part in try MultipartBody(body, contentType: contentType).parts {
      guard !part.isFile, let field = field(named: part.name) else { continue }
      try add(try FormText.validated(Array(part.content)), to: field)
    }
  }

  /// Parses a JSON text (RFC 8259), whose length the caller has bounded: an object with a string for each field. No
  /// field may occur twice; members with other names are ignored, like those of a form.
  public init(json body: [UInt8], fields known: [Field]) throws(Malformation) {
    self.init(of: known)
    guard String(validating: body, as: UTF8.self) != nil else { throw .notUTF8 }
    let members: [String: JSONReader.Value]
    do throws(JSONReader.Malformed) {
      members = try JSONReader.members(known.map(\.name), of: body)
    } catch {
      throw .brokenJSON
    }
    for field in known {
      guard let value = members[field.name] else { continue }
      guard case .text(let text) = value else { throw .notText }
      try add(try FormText.validated(Array(text.utf8)), to: field)
    }
  }

  /// The value of the field with this name; nil if there is none.
  public subscript(name: String) -> String? { values[name] }

  /// All values of a known field, in their order.
  public func all(_ name: String) -> [String] { kept[name] ?? [] }

  private func field(named name: String) -> Field? { known.first { $0.name == name } }

  private mutating func add(_ value: String, to field: Field) throws(Malformation) {
    guard field.repetition != .isKept else {
      kept[field.name, default: []].append(value)
      return
    }
    guard let former = values[field.name] else {
      values[field.name] = value
      return
    }
    // Compares bytes: text that only looks the same is different.
    guard !former.utf8.elementsEqual(value.utf8) else { return }
    guard field.repetition != .isContradiction else { throw .contradictoryFields }
    repeated.insert(field.name)
    if !value.isEmpty { values[field.name] = value }
  }
}

/// The text of a form's names and values.
public enum FormText {
  /// Decodes a name or a value (WHATWG URL standard, section 5.1).
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
