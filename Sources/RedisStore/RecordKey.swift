internal import Encoding
internal import Limits

/// The name of one record in Redis: of which kind it is, and of what.
struct RecordKey: Sendable, Hashable {
  let kind: String
  let key: [UInt8]

  init(_ kind: String, _ key: CounterKey) {
    self.kind = kind
    self.key = key.bytes
  }

  private init(_ kind: String, _ key: [UInt8]) {
    self.kind = kind
    self.key = key
  }

  /// The limiter's clock, of which there is one.
  static let clock = RecordKey("clock", [])
  /// A send to a number that was charged and has not ended.
  static func pending(_ receipt: [UInt8], to number: CounterKey) -> RecordKey {
    RecordKey("pending." + Hexadecimal.text(receipt), number)
  }
  /// A form that was sent, and its answer.
  static func nonce(_ key: CounterKey) -> RecordKey { RecordKey("nonce", key) }
  /// The answers to a number's latest sends, by browser.
  static func running(_ number: CounterKey) -> RecordKey { RecordKey("running", number) }
  /// A request that was claimed.
  static func claimed(_ key: CounterKey) -> RecordKey { RecordKey("claimed", key) }
  /// The browsers that a number was verified in.
  static func known(_ number: CounterKey) -> RecordKey { RecordKey("known", number) }
}

extension Rule {
  var record: RecordKey { RecordKey(row.rawValue, key) }
}

extension ConversionGuard {
  var record: RecordKey { RecordKey(row.rawValue, key) }
}
