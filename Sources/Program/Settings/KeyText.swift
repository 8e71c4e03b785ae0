internal import Crypto
internal import FoundationEssentials

/// The text form of the owner's secret keys.
enum KeyText {
  /// A new random key as text.
  static func random() -> String {
    unsafe SymmetricKey(size: .bits256).withUnsafeBytes { bytes in unsafe Data(bytes).base64EncodedString() }
  }

  /// Reads one or more keys of a permitted length in bytes, in base64 (RFC 4648, section 4), separated by spaces or commas.
  ///
  /// - Returns: nil if there are none, or if one is anything else.
  static func keys(in text: String, bytes: ClosedRange<Int> = 32...32) -> [SymmetricKey]? {
    var keys: [SymmetricKey] = []
    for word in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      guard let data = Data(base64Encoded: String(word)), bytes.contains(data.count) else { return nil }
      keys.append(SymmetricKey(data: data))
    }
    return keys.isEmpty ? nil : keys
  }
}
