package import Verification

/// What the hidden field of the PIN form, `requestId`, carries from page to page, sealed.
package struct PendingAttempt: Sendable, Hashable {
  package let attempt: Attempt
  /// Whether the request was already running before this visitor's form arrived. Then nobody knows when its first
  /// message was sent, and the attempt's start is only when PinGate learned of it.
  package let isJoined: Bool
  /// When the PIN became valid, as far as is known.
  package let pinMadeAt: Timestamp
  /// When "send again" may become possible; the store decides.
  package var nextSendAt: Timestamp
  /// Identifies the page, whose buttons together send at most once.
  package var nonce = FormNonce()
  /// The browser that the page was made for.
  package var browserTag: [UInt8]
  /// The tag of the nonce that the browser got when the attempt began; empty without a gate.
  package var binding: [UInt8]
  /// What the gate sent the visitor to the form with; nil for a visitor who came without it.
  package var ticket: EntryTicket?

  package init(
    attempt: Attempt, isJoined: Bool, pinMadeAt: Timestamp, nextSendAt: Timestamp, nonce: FormNonce = FormNonce(),
    browserTag: [UInt8], binding: [UInt8] = [], ticket: EntryTicket? = nil
  ) {
    self.attempt = attempt
    self.isJoined = isJoined
    self.pinMadeAt = pinMadeAt
    self.nextSendAt = nextSendAt
    self.nonce = nonce
    self.browserTag = browserTag
    self.binding = binding
    self.ticket = ticket
  }

  /// How long the visitor should wait before asking for the next message; nil if this attempt will send no more.
  package func wait(at now: Timestamp) -> Duration? {
    guard nextSendAt < attempt.startedAt + Attempt.longestLife else { return nil }
    return max(.zero, nextSendAt - now)
  }

  /// The same attempt for a new page.
  ///
  /// - Parameter browserTag: the tag of the browser that the page is made for.
  package func page(for browserTag: [UInt8]) -> PendingAttempt {
    var page = self
    page.nonce = FormNonce()
    page.browserTag = browserTag
    return page
  }
}

extension PendingAttempt: TokenContent {
  package static let purpose = Keyring.Purpose.pendingAttempt
  /// Versions 1 and 2 had no tags.
  package static let version: UInt8 = 3
  /// More than the longest attempt needs, 448 without a ticket.
  package static let longestToken = 464 + EntryTicket.longestToken

  private enum Field: UInt8 {
    case startedAt = 1
    case requestStartedAt = 2
    case lastSentAt = 3
    case pinMadeAt = 4
    case nextSendAt = 5
    case sends = 6
    case requestSends = 7
    /// Flags: 1 for a request that was joined, 2 for one that began with a call, 4 for one whose latest message came
    /// through the other channel.
    case flags = 8
    case nonce = 9
    case browserTag = 10
    case number = 11
    case id = 12
    /// Left out for the first one.
    case requestID = 13
    /// Their provider; left out for `Provider.vonageV1`, once the only one.
    case idProvider = 14
    case requestProvider = 15
    case binding = 16
    case ticket = 17
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.startedAt, attempt.startedAt)
    fields.put(Field.requestStartedAt, attempt.requestStartedAt)
    fields.put(Field.lastSentAt, attempt.lastSentAt)
    fields.put(Field.pinMadeAt, pinMadeAt)
    fields.put(Field.nextSendAt, nextSendAt)
    fields.put(Field.sends, UInt64(attempt.sends))
    fields.put(Field.requestSends, UInt64(attempt.requestSends))
    let hasOther: UInt64 = attempt.lastChannel == attempt.channel ? 0 : 4
    fields.put(Field.flags, (isJoined ? 1 : 0) | (attempt.channel == .call ? 2 : 0) | hasOther)
    fields.put(Field.nonce, nonce.bytes)
    fields.put(Field.browserTag, browserTag)
    fields.put(Field.number, attempt.number.digits)
    fields.put(attempt.id, as: Field.id, of: Field.idProvider)
    fields.put(Field.binding, binding)
    if let ticket { fields.put(Field.ticket, ticket.bytes) }
    if attempt.requestID != attempt.id { fields.put(attempt.requestID, as: Field.requestID, of: Field.requestProvider) }
  }

  package init?(_ fields: FieldReader) {
    guard let startedAt = fields.time(Field.startedAt), let requestStartedAt = fields.time(Field.requestStartedAt),
      let lastSentAt = fields.time(Field.lastSentAt), let pinMadeAt = fields.time(Field.pinMadeAt),
      let nextSendAt = fields.time(Field.nextSendAt),
      let sends = fields.number(Field.sends).flatMap({ Int(exactly: $0) }),
      let requestSends = fields.number(Field.requestSends).flatMap({ Int(exactly: $0) }),
      let flags = fields.number(Field.flags), flags < 8,
      let nonce = FormNonce(Array(fields.bytes(Field.nonce))),
      let number = fields.text(Field.number).flatMap({ PhoneNumber(e164: $0) }),
      case .request(let id) = fields.request(Field.id, of: Field.idProvider)
    else { return nil }
    let requestID: RequestID
    switch fields.request(Field.requestID, of: Field.requestProvider) {
    case .request(let running): requestID = running
    case .absent: requestID = id
    case .unfit: return nil
    }
    let tag = Array(fields.bytes(Field.browserTag))
    guard tag.count == BrowserID.tagLength else { return nil }
    let channel: Channel = flags & 2 != 0 ? .call : .text
    let other: Channel = channel == .call ? .text : .call
    let attempt = Attempt(
      id: id, requestID: requestID, number: number, channel: channel, lastChannel: flags & 4 != 0 ? other : channel,
      startedAt: startedAt, requestStartedAt: requestStartedAt, lastSentAt: lastSentAt, sends: sends,
      requestSends: requestSends)
    self.init(
      attempt: attempt, isJoined: flags & 1 != 0, pinMadeAt: pinMadeAt, nextSendAt: nextSendAt, nonce: nonce,
      browserTag: tag, binding: Array(fields.bytes(Field.binding)),
      ticket: EntryTicket(bytes: fields.bytes(Field.ticket)))
  }
}
