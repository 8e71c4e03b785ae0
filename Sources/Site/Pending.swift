internal import Verification

/// What the hidden field of the PIN form carries from page to page, sealed.
struct Pending: Sendable, Hashable {
  let attempt: Attempt
  /// The number as the visitor typed it, so that it looks the same on each page.
  let typedNumber: String
  /// Whether it was running before this visitor's form came: then nobody knows when its first message was sent, and
  /// the attempt's start is only when we came to know of it.
  let isJoined: Bool

  init(attempt: Attempt, typedNumber: String, isJoined: Bool) {
    self.attempt = attempt
    self.typedNumber = typedNumber.utf8.count <= Self.longestNumber ? typedNumber : "+" + attempt.number.digits
    self.isJoined = isJoined
  }

  static let longestNumber = 64
}
