/// Who sends a form, and which languages they read.
///
/// One reference, because it is kept by each function that waits for the store or the provider.
final class Visit: Sendable {
  let visitor: Visitor
  /// Best first.
  let languages: [String]

  init(visitor: Visitor, languages: [String]) {
    self.visitor = visitor
    self.languages = languages
  }
}
