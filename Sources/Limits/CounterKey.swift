internal import Encoding

/// An opaque name of what is counted: a keyed hash (HMAC-SHA-256, or halves of two of them) that is made outside of a
/// number, a prefix, an address, a browser or a form.
///
/// The store never sees more of a number or an address than this, so that a copy of the store names nobody.
public struct CounterKey: Sendable, Hashable {
  /// 1 to 64 bytes. All keys of one kind have the same length.
  public let bytes: [UInt8]

  public init(_ bytes: [UInt8]) {
    precondition((1...64).contains(bytes.count), "a counter's key has 1 to 64 bytes, not \(bytes.count)")
    self.bytes = bytes
  }

  /// All at once: the bytes one by one would take twenty times as long.
  public func hash(into hasher: inout Hasher) {
    unsafe bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
  }

  /// The name of two things together, such as one number in one browser.
  package func paired(with other: CounterKey) -> CounterKey {
    CounterKey(bytes + other.bytes)
  }
}

extension CounterKey: CustomStringConvertible {
  /// The last four bytes in hexadecimal: enough to follow a key through a log. Neighbors in a store begin alike.
  public var description: String {
    Hexadecimal.text(bytes.suffix(4))
  }
}
