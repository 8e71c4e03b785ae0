/// The byte classes that Internet grammars are made of (RFC 5234, appendix B.1): ASCII only.
extension UInt8 {
  /// 0 to 9.
  @inlinable public var isDigit: Bool { self &- 0x30 < 10 }

  /// A to Z.
  @inlinable public var isUpperCaseLetter: Bool { self &- 0x41 < 26 }

  /// a to z, A to Z.
  @inlinable public var isLetter: Bool { (self | 0x20) &- 0x61 < 26 }

  @inlinable public var isLetterOrDigit: Bool { isLetter || isDigit }

  /// The byte, with a capital letter turned into the small one.
  @inlinable public var lowercased: UInt8 { isUpperCaseLetter ? self | 0x20 : self }

  /// Whether it may occur in an HTTP token (RFC 9110, section 5.6.2).
  @inlinable public var isTokenCharacter: Bool {
    isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains(self)
  }

  /// A space or a tab.
  @inlinable public var isBlank: Bool { self == 0x20 || self == 0x09 }

  /// A carriage return or a line feed.
  @inlinable public var isLineEnd: Bool { self == 0x0D || self == 0x0A }

  /// Whether it is a visible ASCII character or a space.
  @inlinable public var isPrintable: Bool { (0x20...0x7E).contains(self) }

  /// Whether it never needs escaping in a URL (RFC 3986, section 2.3).
  @inlinable public var isUnreserved: Bool {
    switch self {
    case UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"): true
    default: isLetterOrDigit
    }
  }

  /// The value of a hexadecimal digit; nil for any other byte.
  @inlinable public var hexadecimalValue: UInt8? {
    if isDigit { return self &- 0x30 }
    let letter = (self | 0x20) &- 0x61
    return letter < 6 ? letter + 10 : nil
  }
}

extension Sequence where Element == UInt8 {
  /// Whether all bytes are digits; true if there are none.
  @inlinable public var areDigits: Bool { allSatisfy(\.isDigit) }
}

extension BidirectionalCollection where Element == UInt8 {
  /// The collection without the bytes of a class at either end.
  @inlinable public func trimming(_ isOfClass: (UInt8) -> Bool) -> SubSequence {
    var rest = drop(while: isOfClass)
    while let last = rest.last, isOfClass(last) { rest = rest.dropLast() }
    return rest
  }
}
