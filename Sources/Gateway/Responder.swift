/// A program that answers requests: all that FastCGI, CGI, and the tests know about it.
public protocol Responder: Sendable {
  /// Answers one request; called from many tasks at once. It never fails: whatever goes wrong is a response, too.
  ///
  /// - Parameter request: handed over, so that nobody has to keep it while waiting for the answer.
  func respond(to request: consuming Request) async -> Response

  /// The answer to a request that needs no waiting and no task. Called on the thread that read the request, which must not be held
  /// up.
  ///
  /// - Returns: nil for a request that needs a task.
  func immediateResponse(to request: Request) -> Response?

  /// Whether one more request would be worked on now, and not just wait in line. While the answer is no, a server keeps its other
  /// requests in the compact form in which they came. It asks for each request, so this must not wait; after a no it asks again
  /// when another request has moved on.
  var hasRoom: Bool { get }
}

extension Responder {
  /// None, by default.
  public func immediateResponse(to request: Request) -> Response? { nil }

  /// There always is room, by default.
  public var hasRoom: Bool { true }
}
