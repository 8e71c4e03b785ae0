internal import Encoding
package import Verification

/// The bytes of what is sealed: fields with a tag each, in any order, so that a new field is not a new version.
///
/// A field is a byte with its tag, its length as a base-128 number, the least significant group first (LEB128; DWARF 5,
/// section 7.6), and that many bytes. A field whose content is empty, or whose number is zero, is left out. What reads them
/// passes over tags that it does not know. Never give a tag another meaning.
package struct FieldWriter {
  package private(set) var bytes: [UInt8] = []

  package init() {
    bytes.reserveCapacity(256)
  }

  package mutating func put(_ tag: some RawRepresentable<UInt8>, _ content: some Collection<UInt8>) {
    guard !content.isEmpty else { return }
    bytes.append(tag.rawValue)
    var length = content.count
    while length > 0x7F {
      bytes.append(UInt8(length & 0x7F) | 0x80)
      length >>= 7
    }
    bytes.append(UInt8(length))
    bytes += content
  }

  package mutating func put(_ tag: some RawRepresentable<UInt8>, _ text: String) {
    put(tag, text.utf8)
  }

  /// In as few bytes as it takes, the most significant one first.
  package mutating func put(_ tag: some RawRepresentable<UInt8>, _ number: UInt64) {
    put(tag, number.bigEndianBytes.drop { $0 == 0 })
  }

  package mutating func put(_ tag: some RawRepresentable<UInt8>, _ time: Timestamp) {
    put(tag, UInt64(bitPattern: time.secondsSinceEpoch))
  }

  /// A provider's request, in two fields: whose it is only where that is not Vonage v1, whose were all once.
  package mutating func put<Tag: RawRepresentable<UInt8>>(_ request: RequestID, as tag: Tag, of provider: Tag) {
    put(tag, request.value)
    if request.provider != .vonageV1 { put(provider, request.provider.name) }
  }
}

/// Reads what a `FieldWriter` wrote.
package struct FieldReader {
  private var fields: [UInt8: ArraySlice<UInt8>] = [:]

  /// - Returns: nil when the bytes end within a field, or have one twice.
  package init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while let tag = rest.popFirst() {
      guard let length = Self.length(&rest), length <= rest.count, fields[tag] == nil else { return nil }
      fields[tag] = rest.prefix(length)
      rest = rest.dropFirst(length)
    }
  }

  /// The content of a field; empty when it was left out.
  package func bytes(_ tag: some RawRepresentable<UInt8>) -> ArraySlice<UInt8> { fields[tag.rawValue] ?? [] }

  /// - Returns: nil when it is not UTF-8.
  package func text(_ tag: some RawRepresentable<UInt8>) -> String? {
    String(validating: bytes(tag), as: UTF8.self)
  }

  /// - Returns: nil when it is longer than any number.
  package func number(_ tag: some RawRepresentable<UInt8>) -> UInt64? {
    let bytes = bytes(tag)
    return bytes.count <= 8 ? bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } : nil
  }

  package func time(_ tag: some RawRepresentable<UInt8>) -> Timestamp? {
    number(tag).map { Timestamp(secondsSinceEpoch: Int64(bitPattern: $0)) }
  }

  package enum RequestField {
    case absent
    /// No name that a request, or its provider, can have.
    case unfit
    case request(RequestID)
  }

  /// A provider's request.
  package func request<Tag: RawRepresentable<UInt8>>(_ tag: Tag, of provider: Tag) -> RequestField {
    guard let value = text(tag), let name = text(provider) else { return .unfit }
    guard !value.isEmpty else { return name.isEmpty ? .absent : .unfit }
    guard let provider = name.isEmpty ? .vonageV1 : Provider(name), let id = RequestID(value, of: provider) else {
      return .unfit
    }
    return .request(id)
  }

  /// Two bytes hold more than any sealed text has.
  private static func length(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard let low = rest.popFirst() else { return nil }
    guard low & 0x80 != 0 else { return Int(low) }
    guard let high = rest.popFirst(), high & 0x80 == 0 else { return nil }
    return Int(low & 0x7F) | Int(high) << 7
  }
}
