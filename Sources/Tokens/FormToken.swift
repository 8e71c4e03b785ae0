internal import Encoding
package import Verification

/// What the hidden field of a number form carries, except for the first form, which is a static file and has no such field.
package struct FormToken: Sendable, Hashable {
  package let nonce: FormNonce
  package let browserTag: [UInt8]
  /// The request that the visitor gave up to get here. Its page is not shown again unless the provider says that it is
  /// still running.
  package let givenUp: RequestID?
  /// When the form was made.
  package let madeAt: Timestamp
  /// What the gate sent the visitor to the form with; nil for a visitor who came without it.
  package let ticket: EntryTicket?

  package init(
    nonce: FormNonce = FormNonce(), browserTag: [UInt8], givenUp: RequestID?, madeAt: Timestamp,
    ticket: EntryTicket? = nil
  ) {
    self.nonce = nonce
    self.browserTag = browserTag
    self.givenUp = givenUp
    self.madeAt = madeAt
    self.ticket = ticket
  }

  /// Whether the form is so old that it may have been sent before and been forgotten by now, or comes from the future
  /// because a clock was set back.
  ///
  /// - Parameter life: how long the store remembers a form that was sent.
  package func isOld(at now: Timestamp, remembered life: Duration) -> Bool {
    let age = now - madeAt
    return age >= life - .seconds(60) || age < .seconds(-60)
  }
}

extension FormToken: TokenContent {
  package static let purpose = Keyring.Purpose.form
  /// Versions 1 and 2 had no tags.
  package static let version: UInt8 = 3
  /// A form without a ticket needs 224.
  package static let longestToken = 224 + EntryTicket.longestToken

  private enum Field: UInt8 {
    case madeAt = 1
    case nonce = 2
    case browserTag = 3
    case givenUp = 4
    /// The provider of that request; left out for `Provider.vonageV1`, once the only one.
    case givenUpProvider = 5
    case ticket = 6
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.madeAt, madeAt)
    fields.put(Field.nonce, nonce.bytes)
    fields.put(Field.browserTag, browserTag)
    if let givenUp { fields.put(givenUp, as: Field.givenUp, of: Field.givenUpProvider) }
    if let ticket { fields.put(Field.ticket, ticket.bytes) }
  }

  package init?(_ fields: FieldReader) {
    guard let madeAt = fields.time(Field.madeAt), let nonce = FormNonce(Array(fields.bytes(Field.nonce))) else {
      return nil
    }
    let givenUp: RequestID?
    switch fields.request(Field.givenUp, of: Field.givenUpProvider) {
    case .request(let request): givenUp = request
    case .absent: givenUp = nil
    case .unfit: return nil
    }
    let tag = Array(fields.bytes(Field.browserTag))
    guard tag.count == BrowserID.tagLength else { return nil }
    self.init(
      nonce: nonce, browserTag: tag, givenUp: givenUp, madeAt: madeAt,
      ticket: EntryTicket(bytes: fields.bytes(Field.ticket)))
  }
}

/// Identifies one form that was handed out, so that it sends at most once: 64 random bits.
package struct FormNonce: Sendable, Hashable {
  package let bytes: [UInt8]

  static let length = 8

  package init() {
    bytes = UInt64.random(in: .min ... .max).bigEndianBytes
  }

  package init?(_ bytes: [UInt8]) {
    guard bytes.count == Self.length else { return nil }
    self.bytes = bytes
  }
}
