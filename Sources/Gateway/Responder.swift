/// A program that answers requests: the one thing that FastCGI, CGI and the tests know of it.
public protocol Responder: Sendable {
  /// Answers one request; called from many tasks at once. It never fails: what goes wrong is a response too.
  ///
  /// - Parameter request: is handed over, so that nobody has to keep it while its answer is waited for.
  func respond(to request: consuming Request) async -> Response

  /// The answer to a request that needs no waiting and no task: on the thread that has read it, which must not be held up.
  ///
  /// - Returns: nil for a request that is to be responded to in a task.
  func immediateResponse(to request: Request) -> Response?

  /// Whether a further request would be worked on now, and not only stand in line. A server that asks leaves the rest of
  /// its requests as short as they came for as long as this says no. It is asked for each request, and must not wait; one
  /// that was answered no asks again when another request has gone on.
  var hasRoom: Bool { get }
}

extension Responder {
  /// None is.
  public func immediateResponse(to request: Request) -> Response? { nil }

  /// There always is.
  public var hasRoom: Bool { true }
}
