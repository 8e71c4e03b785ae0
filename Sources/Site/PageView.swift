internal import Verification

/// What a page showed, so that its own address can show it again: after a reload, after "back", and when a browser has
/// dropped the tab while its visitor was reading the message. It is asked for with GET, and makes nothing happen.
struct PageView: Sendable, Hashable {
  /// The row of the table that it was made of, by its stable name.
  var code: String
  /// The name of the exchange that it answered, which its line in the log has.
  var reference: String
  /// Which browser it was made for.
  var browserTag: [UInt8]
  /// The same by how it looks without its cookie (`Visitor.bareTag`).
  var bareTag: [UInt8]
  /// From when on it is shown no more.
  var endsAt: Timestamp
  /// The pending attempt as it is sealed for the form; empty where there is none.
  var token = ""
  /// Until when the visitor was asked to wait.
  var waitEndsAt: Timestamp?
  var triesLeft: Int?
  /// How the PIN shall come that was asked for.
  var channel: Channel?
  /// The number as the page's field has it; empty where the pending attempt has it.
  var number = ""
  /// What the number form carries, as it is sealed.
  var form = ""

  /// How long a page without a pending attempt is shown.
  static let life: Duration = Attempt.longestLife

  /// Longer texts than a number may have are not kept, so that the address stays short.
  static let longestNumber = 512

  /// Whether it is over; or of a time when a clock was wrong.
  func isOver(at now: Timestamp) -> Bool {
    let left = endsAt - now
    return left <= .zero || left > Self.life + .seconds(60)
  }

  /// The row of the table.
  var ending: Ending? { Self.endings[code] }

  private static let endings = Dictionary(uniqueKeysWithValues: Ending.all.map { (Verdict($0).code, $0) })
}
