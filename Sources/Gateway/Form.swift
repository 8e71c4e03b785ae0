internal import Encoding

/// The fields of a form that the program knows, out of an `application/x-www-form-urlencoded` body (WHATWG URL standard,
/// section 5.1), a `multipart/form-data` one (RFC 7578) or an `application/json` one.
///
/// Fields of other names are a site's own, or a widget's: they are passed over, however many they are and whatever is in
/// them. What browsers never send in a field that is known is an error and not a guess: a broken escape, bytes that are not
/// UTF-8, a control character other than tab and line ends, of which word processors paste vertical ones, too.
///
/// A field that comes more than once has the last value that is not empty: a widget for telephone numbers or PINs adds a
/// field of the same name behind the visible one, with what it made of it. One that the program itself wrote into the page
/// may come again with the same value only, or is looked for among all of them (`Field.Repetition`).
public struct Form: Sendable {
  /// A field that is known.
  public struct Field: Sendable, Hashable {
    /// What it means that a field comes with several values.
    public enum Repetition: Sendable {
      /// The last one that is not empty counts.
      case isReplaced
      /// The value was made by the program, and two different ones mean two pages.
      case isContradiction
      /// The name may be a site's own too. Whoever reads it knows the program's value among them (`Form.all`).
      case isKept
    }

    let name: String
    let repetition: Repetition

    public init(_ name: String, repetition: Repetition = .isReplaced) {
      self.name = name
      self.repetition = repetition
    }
  }

  /// What no browser sends; the log's reason for a refusal.
  public enum Malformation: Error, Sendable, Hashable {
    case brokenEscape, notUTF8, controlCharacter
    /// A field that the program made came with two values.
    case contradictoryFields
    /// A multipart body without a boundary, or one that is cut off or cannot be taken apart.
    case brokenParts
    /// A body that is not one JSON object, or has a field twice.
    case brokenJSON
    /// A JSON member that is no text.
    case notText
  }

  private var values: [String: String] = [:]
  /// The values of fields that are kept, in their order.
  private var kept: [String: [String]] = [:]
  /// The names of the fields that came with more than one value.
  public private(set) var repeated: Set<String> = []
  private let known: [Field]

  private init(of known: [Field]) {
    self.known = known
  }

  /// Reads a body that was limited in length before.
  public init(urlencoded body: [UInt8], fields known: [Field]) throws(Malformation) {
    self.init(of: known)
    for pair in body.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      // A name that cannot be read is nobody's.
      guard let name = try? FormText.decode(pair[..<equals]), let field = field(named: name) else { continue }
      try add(equals < pair.endIndex ? try FormText.decode(pair[pair.index(after: equals)...]) : "", to: field)
    }
  }

  /// Reads a body that was limited in length before, as `fetch` makes it of a `FormData`.
  ///
  /// - Parameter contentType: the header field, which names the boundary.
  public init(multipart body: [UInt8], contentType: String, fields known: [Field]) throws(Malformation) {
    self.init(of: known)
    for part in try MultipartBody(body, contentType: contentType).parts {
      guard !part.isFile, let field = field(named: part.name) else { continue }
      try add(try FormText.validated(Array(part.content)), to: field)
    }
  }

  /// Reads a JSON text (RFC 8259) that was limited in length before: an object with a text for each field. No field may come
  /// twice, and members of other names are passed over, as those of a form are.
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

  /// The value of the field with this name; nil when there is none.
  public subscript(name: String) -> String? { values[name] }

  /// All values of a field that is kept, in their order.
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
    // By bytes: what only looks the same is not.
    guard !former.utf8.elementsEqual(value.utf8) else { return }
    guard field.repetition != .isContradiction else { throw .contradictoryFields }
    repeated.insert(field.name)
    if !value.isEmpty { values[field.name] = value }
  }
}

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
