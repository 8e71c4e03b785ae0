/// The name of one record in a store: of which kind it is, and of what.
package struct RecordKey: Sendable, Hashable {
  package let kind: String
  package let key: [UInt8]

  package init(_ kind: String, _ key: CounterKey) {
    self.kind = kind
    self.key = key.bytes
  }

  private init(_ kind: String, _ key: [UInt8]) {
    self.kind = kind
    self.key = key
  }

  /// The limiter's clock, of which there is one.
  package static let clock = RecordKey("clock", [])
  /// A send to a number that was charged and has not ended.
  package static func pending(_ receipt: [UInt8], to number: CounterKey) -> RecordKey {
    RecordKey("pending." + Hexadecimal.text(receipt), number)
  }
  /// A form that was sent, and its answer.
  package static func nonce(_ key: CounterKey) -> RecordKey { RecordKey("nonce", key) }
  /// The answers to a number's latest sends, by browser.
  package static func running(_ number: CounterKey) -> RecordKey { RecordKey("running", number) }
  /// A request that was claimed.
  package static func claimed(_ key: CounterKey) -> RecordKey { RecordKey("claimed", key) }
  /// The browsers that a number was verified in.
  package static func known(_ number: CounterKey) -> RecordKey { RecordKey("known", number) }
}
