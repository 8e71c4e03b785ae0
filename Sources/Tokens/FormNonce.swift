/// Names one form that was handed out, so that it is sent at most once: 64 random bits.
package struct FormNonce: Sendable, Hashable {
  package let bytes: [UInt8]

  package static let length = 8

  package init() {
    bytes = UInt64.random(in: .min ... .max).bigEndianBytes
  }

  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }
}
