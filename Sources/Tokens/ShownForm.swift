package import Verification

/// What the first form carries: when it was shown.
///
/// Nothing but its age is told by it. A page out of a cache is an old one, and never too young.
package struct ShownForm: Sendable, Hashable {
  package let shownAt: Timestamp

  package init(shownAt: Timestamp) {
    self.shownAt = shownAt
  }

  /// Whether so little time has passed since for certain. A timestamp has no parts of a second: two that are one apart may be
  /// of the same moment, or nearly two seconds apart. A clock that was set back tells nothing.
  package func isYounger(than age: Duration, at now: Timestamp) -> Bool {
    let passed = now - shownAt
    return passed >= .zero && passed + .seconds(1) <= age
  }
}

extension ShownForm: TokenContent {
  package static let purpose = Keyring.Purpose.shownForm
  package static let version: UInt8 = 1
  /// More than any time needs, 54.
  package static let longestToken = 64

  private enum Field: UInt8 {
    case shownAt = 1
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.shownAt, shownAt)
  }

  package init?(_ fields: FieldReader) {
    // That no form was shown in 1970 tells one from what has no time at all.
    guard let shownAt = fields.time(Field.shownAt), shownAt.secondsSinceEpoch != 0 else { return nil }
    self.init(shownAt: shownAt)
  }
}
