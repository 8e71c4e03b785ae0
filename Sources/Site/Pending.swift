internal import Verification

/// What the hidden field of the PIN form carries from page to page, sealed.
struct Pending: Sendable, Hashable {
  let attempt: Attempt
  /// Whether it was running before this visitor's form came: then nobody knows when its first message was sent, and
  /// the attempt's start is only when we came to know of it.
  let isJoined: Bool
  /// Since when the PIN is good, as far as is known.
  let pinMadeAt: Timestamp
  /// From when on "send again" may pass; the store has the last word.
  var nextSendAt: Timestamp
  /// Names the page, whose buttons send at most once together.
  var nonce = FormNonce()
  /// Which browser the page was made for.
  var browserTag: [UInt8]

  /// How long the visitor should wait before the next message; nil when none will be sent in the life of the attempt.
  func wait(at now: Timestamp) -> Duration? {
    guard nextSendAt < attempt.startedAt + Attempt.longestLife else { return nil }
    return max(.zero, nextSendAt - now)
  }

  /// The page anew, for whoever gets it.
  func page(for visitor: Visitor) -> Pending {
    var page = self
    page.nonce = FormNonce()
    page.browserTag = visitor.tag
    return page
  }
}
