/// A program that answers requests: the one thing that FastCGI, CGI and the tests know of it.
public protocol Responder: Sendable {
  /// Answers one request; called from many tasks at once. It never fails: what goes wrong is a response too.
  ///
  /// - Parameter request: is handed over, so that nobody has to keep it while its answer is waited for.
  func respond(to request: consuming Request) async -> Response
}
