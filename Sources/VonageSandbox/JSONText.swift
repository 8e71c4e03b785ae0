internal import FoundationEssentials

/// The one way in which the sandbox writes JSON: the same value always gives the same bytes.
enum JSONText {
  static func bytes(of value: some Encodable) -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    do {
      return Array(try encoder.encode(value))
    } catch {
      // Texts, whole numbers and lists of them can always be encoded.
      preconditionFailure("cannot encode \(type(of: value)): \(error)")
    }
  }
}
