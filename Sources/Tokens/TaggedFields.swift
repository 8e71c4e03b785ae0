internal import Encoding
package import Verification

/// Encodes what is to be sealed as tagged fields in any order, so that a new field does not require a new version.
///
/// A field is a tag byte, its length as a base-128 number with the least significant group first (LEB128; DWARF 5,
/// section 7.6), and that many bytes. A field with empty content, or with the number zero, is left out. A reader skips
/// tags that it does not know. Never give a tag another meaning.
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

  /// A number in as few bytes as possible, most significant first.
  package mutating func put(_ tag: some RawRepresentable<UInt8>, _ number: UInt64) {
    put(tag, number.bigEndianBytes.drop { $0 == 0 })
  }

  package mutating func put(_ tag: some RawRepresentable<UInt8>, _ time: Timestamp) {
    put(tag, UInt64(bitPattern: time.secondsSinceEpoch))
  }

  /// A provider's request ID, in two fields. The provider is left out for Vonage v1, once the only one.
  package mutating func put<Tag: RawRepresentable<UInt8>>(_ request: RequestID, as tag: Tag, of provider: Tag) {
    put(tag, request.value)
    if request.provider != .vonageV1 { put(provider, request.provider.name) }
  }
}

/// Reads what a `FieldWriter` wrote.
package struct FieldReader {
  private var fields: [UInt8: ArraySlice<UInt8>] = [:]

  /// - Returns: nil if the bytes end within a field or contain a field twice.
  package init?(_ bytes: [UInt8]) {
    var rest = bytes[...]
    while let tag = rest.popFirst() {
      guard let length = Self.length(&rest), length <= rest.count, fields[tag] == nil else { return nil }
      fields[tag] = rest.prefix(length)
      rest = rest.dropFirst(length)
    }
  }

  /// The content of a field; empty if it was left out.
  package func bytes(_ tag: some RawRepresentable<UInt8>) -> ArraySlice<UInt8> { fields[tag.rawValue] ?? [] }

  /// - Returns: nil if the field is not UTF-8.
  package func text(_ tag: some RawRepresentable<UInt8>) -> String? {
    String(validating: bytes(tag), as: UTF8.self)
  }

  /// - Returns: nil if the field is longer than any number.
  package func number(_ tag: some RawRepresentable<UInt8>) -> UInt64? {
    let bytes = bytes(tag)
    return bytes.count <= 8 ? bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) } : nil
  }

  package func time(_ tag: some RawRepresentable<UInt8>) -> Timestamp? {
    number(tag).map { Timestamp(secondsSinceEpoch: Int64(bitPattern: $0)) }
  }

  package enum RequestField {
    case absent
    /// The text cannot be the id of a request or the name of a provider.
    case unfit
    case request(RequestID)
  }

  /// A provider's request id.
  package func request<Tag: RawRepresentable<UInt8>>(_ tag: Tag, of provider: Tag) -> RequestField {
    guard let value = text(tag), let name = text(provider) else { return .unfit }
    guard !value.isEmpty else { return name.isEmpty ? .absent : .unfit }
    guard let provider = name.isEmpty ? .vonageV1 : Provider(name), let id = RequestID(value, of: provider) else {
      return .unfit
    }
    return .request(id)
  }

  /// Two bytes can hold more than the length of any sealed text.
  private static func length(_ rest: inout ArraySlice<UInt8>) -> Int? {
    guard let low = rest.popFirst() else { return nil }
    guard low & 0x80 != 0 else { return Int(low) }
    guard let high = rest.popFirst(), high & 0x80 == 0 else { return nil }
    return Int(low & 0x7F) | Int(high) << 7
  }
}
