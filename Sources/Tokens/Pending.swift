package import Verification

/// What the hidden field of the PIN form carries from page to page, sealed.
package struct Pending: Sendable, Hashable {
  package let attempt: Attempt
  /// Whether it was running before this visitor's form came: then nobody knows when its first message was sent, and
  /// the attempt's start is only when we came to know of it.
  package let isJoined: Bool
  /// Since when the PIN is good, as far as is known.
  package let pinMadeAt: Timestamp
  /// From when on "send again" may pass; the store has the last word.
  package var nextSendAt: Timestamp
  /// Names the page, whose buttons send at most once together.
  package var nonce = FormNonce()
  /// Which browser the page was made for.
  package var browserTag: [UInt8]

  package init(
    attempt: Attempt, isJoined: Bool, pinMadeAt: Timestamp, nextSendAt: Timestamp, nonce: FormNonce = FormNonce(),
    browserTag: [UInt8]
  ) {
    self.attempt = attempt
    self.isJoined = isJoined
    self.pinMadeAt = pinMadeAt
    self.nextSendAt = nextSendAt
    self.nonce = nonce
    self.browserTag = browserTag
  }

  /// How long the visitor should wait before the next message; nil when none will be sent in the life of the attempt.
  package func wait(at now: Timestamp) -> Duration? {
    guard nextSendAt < attempt.startedAt + Attempt.longestLife else { return nil }
    return max(.zero, nextSendAt - now)
  }

  /// The page anew, for whoever gets it.
  ///
  /// - Parameter browserTag: of the browser that it is made for.
  package func page(for browserTag: [UInt8]) -> Pending {
    var page = self
    page.nonce = FormNonce()
    page.browserTag = browserTag
    return page
  }
}
