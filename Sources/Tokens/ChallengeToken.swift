package import Limits
package import Verification

/// What the page of a message that was refused holds, sealed: by what its visitor can pass all the same, and for which
/// message it is good. It makes nothing happen by itself.
package struct ChallengeToken: Sendable, Hashable {
  /// What the visitor has to do.
  package enum Way: Sendable, Hashable {
    /// To solve a puzzle.
    case work(WorkPuzzle)
    /// To satisfy the widget of a third party.
    case widget
    /// To come back, not before this time.
    case slot(readyAt: Timestamp)
  }

  package let way: Way
  /// How many rounds of work it counts as.
  package let rounds: Int
  /// Whose message, so that it is good for nobody else's.
  package let number: CounterKey
  /// Where it was asked for.
  package let net: CounterKey
  /// Of the form that asks: the message is sent at most once with it.
  package let nonce: FormNonce
  package let issuedAt: Timestamp

  package init(
    _ way: Way, rounds: Int, number: CounterKey, net: CounterKey, nonce: FormNonce, issuedAt: Timestamp
  ) {
    self.way = way
    self.rounds = rounds
    self.number = number
    self.net = net
    self.nonce = nonce
    self.issuedAt = issuedAt
  }

  /// How long it is good, from when it was issued or from when its slot is ready. Much shorter than a form that was sent is
  /// remembered, so that none is good twice.
  package static let life: Duration = .seconds(600)

  /// Whether it is over; or comes from the future, because a clock was set back.
  package func isOver(at now: Timestamp) -> Bool {
    now - (readyAt ?? issuedAt) >= Self.life || now - issuedAt < .seconds(-60)
  }

  /// When its slot is ready; nil for one that is passed otherwise.
  package var readyAt: Timestamp? {
    if case .slot(let time) = way { time } else { nil }
  }

  package var puzzle: WorkPuzzle? {
    if case .work(let puzzle) = way { puzzle } else { nil }
  }
}

extension ChallengeToken: TokenContent {
  package static let purpose = Keyring.Purpose.challenge
  package static let version: UInt8 = 1
  /// More than the longest one needs, 160.
  package static let longestToken = 224

  private enum Field: UInt8 {
    case rounds = 1
    case number = 2
    case net = 3
    case nonce = 4
    case issuedAt = 5
    /// Of a puzzle; both left out where there is none.
    case parts = 6
    case bits = 7
    /// Of a slot. Where none of the three is there it is a widget.
    case readyAt = 8
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.rounds, UInt64(clamping: rounds))
    fields.put(Field.number, number.bytes)
    fields.put(Field.net, net.bytes)
    fields.put(Field.nonce, nonce.bytes)
    fields.put(Field.issuedAt, issuedAt)
    switch way {
    case .work(let puzzle):
      fields.put(Field.parts, UInt64(clamping: puzzle.parts))
      fields.put(Field.bits, UInt64(clamping: puzzle.bits))
    case .widget: break
    case .slot(let time): fields.put(Field.readyAt, time)
    }
  }

  package init?(_ fields: FieldReader) {
    guard let rounds = fields.number(Field.rounds).flatMap({ Int(exactly: $0) }), rounds > 0,
      let number = Self.key(fields.bytes(Field.number)), let net = Self.key(fields.bytes(Field.net)),
      let nonce = FormNonce(Array(fields.bytes(Field.nonce))), let issuedAt = fields.time(Field.issuedAt),
      let parts = fields.number(Field.parts).flatMap({ Int(exactly: $0) }),
      let bits = fields.number(Field.bits).flatMap({ Int(exactly: $0) }), let readyAt = fields.time(Field.readyAt)
    else { return nil }
    let way: Way
    if readyAt.secondsSinceEpoch != 0 {
      way = .slot(readyAt: readyAt)
    } else if parts == 0, bits == 0 {
      way = .widget
    } else if let puzzle = WorkPuzzle(parts: parts, bits: bits) {
      way = .work(puzzle)
    } else {
      return nil
    }
    self.init(way, rounds: rounds, number: number, net: net, nonce: nonce, issuedAt: issuedAt)
  }

  private static func key(_ bytes: ArraySlice<UInt8>) -> CounterKey? {
    (1...64).contains(bytes.count) ? CounterKey(Array(bytes)) : nil
  }
}
