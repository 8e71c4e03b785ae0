internal import Encoding
package import Verification

/// What a page showed, so that its own URL can show it again: after a reload, after "back", and after the browser has
/// discarded the tab while the visitor was reading the message. It is fetched with GET and changes nothing.
package struct PageView: Sendable, Hashable {
  /// The stable name of the outcome row that the page was made from.
  package var code: String
  /// The reference of the request that it answered, as also found in the log line.
  package var reference: String
  /// The browser that it was made for.
  package var browserTag: [UInt8]
  /// The same browser, as recognized without its cookie (`Client.bareTag`).
  package var bareTag: [UInt8]
  /// When the page expires.
  package var endsAt: Timestamp
  /// The pending attempt, sealed as in the form; empty if there is none.
  package var token = ""
  /// The time until which the visitor was asked to wait.
  package var waitEndsAt: Timestamp?
  package var triesLeft: Int?
  /// The channel that the PIN was requested by.
  package var channel: Channel?
  /// The number in the page's field; empty if it is in the pending attempt.
  package var number = ""
  /// What the number form carries, sealed.
  package var form = ""
  /// The gate's ticket, sealed; empty if the attempt or the form has it.
  package var ticket = ""
  /// The challenge, sealed; empty if there is none.
  package var challenge = ""

  package init(
    code: String, reference: String, browserTag: [UInt8], bareTag: [UInt8], endsAt: Timestamp, token: String = "",
    waitEndsAt: Timestamp? = nil, triesLeft: Int? = nil, channel: Channel? = nil, number: String = "", form: String = ""
  ) {
    self.code = code
    self.reference = reference
    self.browserTag = browserTag
    self.bareTag = bareTag
    self.endsAt = endsAt
    self.token = token
    self.waitEndsAt = waitEndsAt
    self.triesLeft = triesLeft
    self.channel = channel
    self.number = number
    self.form = form
  }

  /// How long a page without a pending attempt is shown.
  package static let life: Duration = Attempt.longestLife

  /// Text that is too long for a number is dropped, so that the URL stays short.
  package static let longestNumber = 512

  /// Whether it has expired, or was made while a clock was wrong.
  package func isOver(at now: Timestamp) -> Bool {
    let left = endsAt - now
    return left <= .zero || left > Self.life + .seconds(60)
  }
}

extension PageView: TokenContent {
  package static let purpose = Keyring.Purpose.pageView
  /// Version 1 encoded lengths in more bytes.
  package static let version: UInt8 = 2
  /// Twice what the longest page without a long number needs; browsers and web servers accept addresses of 4 KiB and more.
  package static let longestToken = 1_400

  private enum Field: UInt8 {
    case code = 1
    case reference = 2
    case browserTag = 3
    case endsAt = 4
    case token = 5
    case waitEndsAt = 6
    case triesLeft = 7
    case number = 8
    case form = 9
    case bareTag = 10
    case channel = 11
    case ticket = 12
    case challenge = 13
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.code, code)
    fields.put(Field.reference, reference)
    fields.put(Field.browserTag, browserTag)
    fields.put(Field.bareTag, bareTag)
    fields.put(Field.endsAt, endsAt)
    // Sealed texts take fewer bytes decoded.
    fields.put(Field.token, Base64URL.decode(token) ?? [])
    fields.put(Field.form, Base64URL.decode(form) ?? [])
    fields.put(Field.ticket, Base64URL.decode(ticket) ?? [])
    fields.put(Field.challenge, Base64URL.decode(challenge) ?? [])
    if let waitEndsAt { fields.put(Field.waitEndsAt, waitEndsAt) }
    // Increased by one, because a zero would be left out.
    if let triesLeft { fields.put(Field.triesLeft, UInt64(clamping: triesLeft) + 1) }
    fields.put(Field.channel, channel?.rawValue ?? "")
    fields.put(Field.number, number)
  }

  package init?(_ fields: FieldReader) {
    guard let code = fields.text(Field.code), let reference = fields.text(Field.reference),
      let number = fields.text(Field.number), let channel = fields.text(Field.channel),
      let endsAt = fields.time(Field.endsAt), let waitEndsAt = fields.time(Field.waitEndsAt),
      let triesLeft = fields.number(Field.triesLeft)
    else { return nil }
    let (tag, bareTag) = (Array(fields.bytes(Field.browserTag)), Array(fields.bytes(Field.bareTag)))
    guard !code.isEmpty, tag.count == BrowserID.tagLength, bareTag.count == BrowserID.tagLength else { return nil }
    self.init(
      code: code, reference: reference, browserTag: tag, bareTag: bareTag, endsAt: endsAt,
      token: Base64URL.encode(Array(fields.bytes(Field.token))),
      waitEndsAt: fields.bytes(Field.waitEndsAt).isEmpty ? nil : waitEndsAt,
      triesLeft: triesLeft == 0 ? nil : Int(clamping: triesLeft - 1), channel: Channel(rawValue: channel),
      number: number, form: Base64URL.encode(Array(fields.bytes(Field.form))))
    ticket = Base64URL.encode(Array(fields.bytes(Field.ticket)))
    challenge = Base64URL.encode(Array(fields.bytes(Field.challenge)))
  }
}
