/// Names one form that was handed out, so that it is sent at most once: 64 random bits.
struct FormNonce: Sendable, Hashable {
  let bytes: [UInt8]

  static let length = 8

  init() {
    let random = UInt64.random(in: .min ... .max)
    bytes = stride(from: 56, through: 0, by: -8).map { UInt8(truncatingIfNeeded: random >> UInt64($0)) }
  }

  init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }
}
