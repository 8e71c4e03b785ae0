internal import Crypto
internal import FoundationEssentials

/// The text form of the operator's secret keys.
enum KeyText {
  /// A new random key as text.
  static func random() -> String {
    unsafe SymmetricKey(size: .bits256).withUnsafeBytes { bytes in unsafe Data(bytes).base64EncodedString() }
  }

  /// One or more keys of so many bytes in base64 (RFC 4648, section 4), separated by spaces or commas.
  ///
  /// - Returns: nil when there is none, or one that is anything else.
  static func keys(in text: String, bytes: ClosedRange<Int> = 32...32) -> [SymmetricKey]? {
    var keys: [SymmetricKey] = []
    for word in text.split(whereSeparator: { $0 == "," || $0.isWhitespace }) {
      guard let data = Data(base64Encoded: String(word)), bytes.contains(data.count) else { return nil }
      keys.append(SymmetricKey(data: data))
    }
    return keys.isEmpty ? nil : keys
  }
}
