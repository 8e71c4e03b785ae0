extension FixedWidthInteger {
  /// Its bytes, most significant first.
  public var bigEndianBytes: [UInt8] {
    (1...Self.bitWidth / 8).map { UInt8(truncatingIfNeeded: self >> (Self.bitWidth - 8 * $0)) }
  }
}

extension [UInt8] {
  /// 16 random bytes from two system calls, practically unique.
  public static func random128() -> [UInt8] {
    (0..<2).flatMap { _ in UInt64.random(in: .min ... .max).bigEndianBytes }
  }
}
