internal import Encoding
package import Verification

/// What the hidden field of a number form carries, once a form has been answered: the first one, a static file, has none.
package struct FormToken: Sendable, Hashable {
  package let nonce: FormNonce
  package let browserTag: [UInt8]
  /// The request that was given up to come here: its page is not shown again, unless the provider says that it is still
  /// running.
  package let givenUp: RequestID?
  /// When the form was made.
  package let madeAt: Timestamp
  /// What the visitor was sent to the form with; nil for who came by themselves.
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

  /// Whether it may have been sent before and be forgotten by now; or comes from the future, because a clock was set back.
  ///
  /// - Parameter life: for how long a form that was sent is remembered.
  package func isOld(at now: Timestamp, remembered life: Duration) -> Bool {
    let age = now - madeAt
    return age >= life - .seconds(60) || age < .seconds(-60)
  }
}

extension FormToken: TokenContent {
  package static let purpose = Keyring.Purpose.form
  /// Versions 1 and 2 had no tags.
  package static let version: UInt8 = 3
  /// Of a form without a ticket 224.
  package static let longestToken = 224 + EntryTicket.longestToken

  private enum Field: UInt8 {
    case madeAt = 1
    case nonce = 2
    case browserTag = 3
    case givenUp = 4
    /// Whose that is; left out where it is `Provider.vonageV1`, the only one that there was.
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

/// Names one form that was handed out, so that it is sent at most once: 64 random bits.
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
