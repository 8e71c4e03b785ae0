/// Who sends a form, and which languages they read.
struct Visit: Sendable {
  let visitor: Visitor
  /// Best first.
  let languages: [String]
}
