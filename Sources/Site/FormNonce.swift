/// Names one form that was handed out, so that it is sent at most once: 64 random bits.
struct FormNonce: Sendable, Hashable {
  let bytes: [UInt8]

  static let length = 8

  init() {
    bytes = UInt64.random(in: .min ... .max).bigEndianBytes
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }
}
