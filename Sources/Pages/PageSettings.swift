internal import Flow
internal import Verification

/// What all pages of a site have in common: whose they are, in which language, and what they offer.
struct PageSettings: Sendable {
  var brand: Brand
  /// For how long a visitor is remembered who wants it; nil where that is not offered.
  var remembersFor: Duration?
  /// Whose numbers the example beside the field for one is like; nil for no country's.
  var country: Country?
  /// Of the third party that is asked about strangers under attack; nil where none is.
  var widget: ChallengeWidget?
  /// What the pages say.
  var words = Catalog.english

  /// What a visitor can tick to be remembered; nil where that is not offered.
  var remember: String? {
    remembersFor.map { words.counted(.remember, max(1, $0.components.seconds / 86_400)) }
  }

  /// A number as it can be typed, which is nobody's.
  var exampleNumber: String { ExampleNumber.of(country) }
}
