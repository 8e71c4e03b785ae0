package import Verification

/// What the first form carries: when it was shown.
///
/// It reveals nothing but the form's age. A cached page looks old, never too young.
package struct ShownForm: Sendable, Hashable {
  package let shownAt: Timestamp

  package init(shownAt: Timestamp) {
    self.shownAt = shownAt
  }

  /// Whether certainly less than this time has passed. A timestamp has whole seconds: two that differ by one may be
  /// almost the same moment, or almost two seconds apart. False if a clock was set back.
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
