/// A program that answers requests: all that FastCGI, CGI, and the tests know about it.
public protocol Responder: Sendable {
  /// Answers one request; called from many tasks at once. It never fails: whatever goes wrong is a response, too.
  ///
  /// - Parameter request: passed on, so that nobody has to keep it while waiting for the response.
  func respond(to request: consuming Request) async -> Response

  /// The response to a request that needs no waiting and no task. Called on the thread that read the request, which
  /// must not be blocked.
  ///
  /// - Returns: nil for a request that needs a task.
  func immediateResponse(to request: Request) -> Response?

  /// Whether one more request would be processed now rather than queued. If not, a server keeps its other requests in
  /// the compact encoding in which they arrived. It asks for each request, so this must not wait; after a no it asks
  /// again when another request has made progress.
  var hasRoom: Bool { get }
}

extension Responder {
  /// Nil by default.
  public func immediateResponse(to request: Request) -> Response? { nil }

  /// True by default.
  public var hasRoom: Bool { true }
}
