/// Encodes nets and number ranges in 64 bits, which are then masked with a keyed hash.
enum SealedName {
  /// The number of bytes, followed by the bytes.
  ///
  /// - Parameter bytes: at most 7.
  static func net(_ bytes: [UInt8]) -> UInt64 {
    bytes.prefix(7).reduce(UInt64(min(7, bytes.count))) { $0 << 8 | UInt64($1) }
      << UInt64(8 * (7 - min(7, bytes.count)))
  }

  static func net(_ name: UInt64) -> [UInt8]? {
    let count = Int(name >> 56)
    guard count == 3 || count == 6 else { return nil }
    return (0..<count).map { UInt8(truncatingIfNeeded: name >> UInt64(48 - 8 * $0)) }
  }

  /// The country's two letters in 10 bits (0 for none), the number of digits in 4, and the digits in 50.
  static func range(_ digits: String, _ country: String?) -> UInt64 {
    let letters = (country ?? "").utf8.filter { UInt8(ascii: "A")...UInt8(ascii: "Z") ~= $0 }
    let code = letters.count == 2 ? letters.reduce(UInt64(0)) { $0 << 5 | UInt64($1 - 64) } : 0
    return code << 54 | UInt64(min(15, digits.utf8.count)) << 50 | (UInt64(digits.prefix(15)) ?? 0) & (1 << 50 - 1)
  }

  static func range(_ name: UInt64) -> (digits: String, country: String)? {
    let digits = String(name & (1 << 50 - 1))
    let count = Int(name >> 50 & 15)
    // Without digits there is no range.
    guard count > 0, digits.utf8.count <= count else { return nil }
    let letters = [UInt8(name >> 59), UInt8(name >> 54 & 31)]
    let country = letters.allSatisfy { 1...26 ~= $0 } ? letters.map { $0 + 64 } : []
    return (String(repeating: "0", count: count - digits.utf8.count) + digits, String(decoding: country, as: UTF8.self))
  }
}
