/// Base64 with padding (RFC 4648, section 4).
public enum Base64 {
  public static func encode(_ bytes: some Collection<UInt8>) -> String {
    let text = Base64Digits.encode(Array(bytes), alphabet)
    return String(decoding: text, as: UTF8.self) + String(repeating: "=", count: (4 - text.count % 4) % 4)
  }

  private static let alphabet = Base64Digits.letters + Array("+/".utf8)
}

/// Base64 in the URL-safe alphabet, without padding (RFC 4648, section 5). Decoding is strict: each value has one
/// encoding.
public enum Base64URL {
  public static func encode(_ bytes: [UInt8]) -> String {
    String(decoding: Base64Digits.encode(bytes, alphabet), as: UTF8.self)
  }

  /// The bytes; nil if a character is outside the alphabet, the length is impossible, or unused bits are not zero.
  public static func decode(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(text.utf8.count * 3 / 4)
    var bits: UInt32 = 0
    var count = 0
    for character in text.utf8 {
      guard let value = value(of: character) else { return nil }
      bits = bits << 6 | value
      count += 6
      if count >= 8 {
        count -= 8
        bytes.append(UInt8(truncatingIfNeeded: bits >> UInt32(count)))
      }
    }
    // Six leftover bits mean a superfluous character; fewer must be zero.
    guard count < 6, bits & (1 << UInt32(count) - 1) == 0 else { return nil }
    return bytes
  }

  private static let alphabet = Base64Digits.letters + Array("-_".utf8)

  private static func value(of character: UInt8) -> UInt32? {
    switch character {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): UInt32(character - UInt8(ascii: "A"))
    case UInt8(ascii: "a")...UInt8(ascii: "z"): UInt32(character - UInt8(ascii: "a") + 26)
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(character - UInt8(ascii: "0") + 52)
    case UInt8(ascii: "-"): 62
    case UInt8(ascii: "_"): 63
    default: nil
    }
  }
}

/// What both alphabets have in common.
private enum Base64Digits {
  static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)

  /// One digit for every six bits, without padding.
  static func encode(_ bytes: [UInt8], _ alphabet: [UInt8]) -> [UInt8] {
    [UInt8](capacity: (bytes.count * 4 + 2) / 3) { text in
      var bits: UInt32 = 0
      var count: UInt32 = 0
      for byte in bytes {
        bits = bits &<< 8 | UInt32(byte)
        count &+= 8
        while count >= 6 {
          count &-= 6
          text.append(alphabet[Int(bits &>> count & 63)])
        }
      }
      if count > 0 {
        text.append(alphabet[Int(bits &<< (6 &- count) & 63)])
      }
    }
  }
}
