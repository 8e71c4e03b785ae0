/// How a page without a form looks.
enum Tone: String, CaseIterable, Sendable {
  case success = "isSuccess"
  case attention = "isAttention"
  /// It is the site's fault: such a page names a reference for the owner.
  case failure = "isFailure"
}
