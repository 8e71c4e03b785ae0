package import Verification

/// What a page showed, so that its own address can show it again: after a reload, after "back", and when a browser has
/// dropped the tab while its visitor was reading the message. It is asked for with GET, and makes nothing happen.
package struct PageView: Sendable, Hashable {
  /// The row of the table that it was made of, by its stable name.
  package var code: String
  /// The name of the exchange that it answered, which its line in the log has.
  package var reference: String
  /// Which browser it was made for.
  package var browserTag: [UInt8]
  /// The same by how it looks without its cookie (`Visitor.bareTag`).
  package var bareTag: [UInt8]
  /// From when on it is shown no more.
  package var endsAt: Timestamp
  /// The pending attempt as it is sealed for the form; empty where there is none.
  package var token = ""
  /// Until when the visitor was asked to wait.
  package var waitEndsAt: Timestamp?
  package var triesLeft: Int?
  /// How the PIN shall come that was asked for.
  package var channel: Channel?
  /// The number as the page's field has it; empty where the pending attempt has it.
  package var number = ""
  /// What the number form carries, as it is sealed.
  package var form = ""

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

  /// Longer texts than a number may have are not kept, so that the address stays short.
  package static let longestNumber = 512

  /// Whether it is over; or of a time when a clock was wrong.
  package func isOver(at now: Timestamp) -> Bool {
    let left = endsAt - now
    return left <= .zero || left > Self.life + .seconds(60)
  }
}
