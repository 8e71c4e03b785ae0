package import Verification

/// What the first form carries: the time at which it was shown.
///
/// It reveals nothing but the form's age. A page from a cache is old, and never too young.
package struct ShownForm: Sendable, Hashable {
  package let shownAt: Timestamp

  package init(shownAt: Timestamp) {
    self.shownAt = shownAt
  }

  /// Whether less than this time has passed for certain. A timestamp is in whole seconds: two that differ by one may be from
  /// nearly the same moment, or nearly two seconds apart. After a clock was set back the answer is no.
  package func isYounger(than age: Duration, at now: Timestamp) -> Bool {
    let passed = now - shownAt
    return passed >= .zero && passed + .seconds(1) <= age
  }
}

extension ShownForm: TokenContent {
  package static let purpose = Keyring.Purpose.shownForm
  package static let version: UInt8 = 1
  /// More than any time needs, which is 54.
  package static let longestToken = 64

  private enum Field: UInt8 {
    case shownAt = 1
  }

  package func write(to fields: inout FieldWriter) {
    fields.put(Field.shownAt, shownAt)
  }

  package init?(_ fields: FieldReader) {
    // Zero means that the field is missing: no form was shown in 1970.
    guard let shownAt = fields.time(Field.shownAt), shownAt.secondsSinceEpoch != 0 else { return nil }
    self.init(shownAt: shownAt)
  }
}
