internal import Flow
internal import Verification

/// What all pages of a site have in common: whose they are, in what language, and what they offer.
struct PageSettings: Sendable {
  var brand: Brand
  /// How long visitors who ask for it are remembered; nil if that is not offered.
  var remembersFor: Duration?
  /// The country of the example beside the field for the number; nil for none.
  var country: Country?
  /// The widget of the third party that is asked about strangers under attack; nil if there is none.
  var widget: ChallengeWidget?
  /// What the pages say.
  var words = Catalog.english

  /// The label of the box that a visitor can tick to be remembered; nil if that is not offered.
  var remember: String? {
    remembersFor.map { words.counted(.remember, max(1, $0.components.seconds / 86_400)) }
  }

  /// An example of a number, which is nobody's.
  var exampleNumber: String { ExampleNumber.of(country) }
}
