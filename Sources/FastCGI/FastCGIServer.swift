public import Gateway

/// A FastCGI application server: web servers connect to its socket, and a responder answers their requests.
///
/// One thread of its own owns all connections. It never waits for a peer, and a request holds no thread while it is
/// answered: a thousand of them, or a thousand slow peers, cost memory only. The tasks of requests run on that same
/// thread (a handing over costs more than most of what they do), so a responder must not block it: what blocks belongs
/// on a thread of its own. Before a task runs, and before libfcgi
/// sees a byte, a request is whole and checked (`RequestReader`, `Codec`). After its answer nothing of a request is left
/// that a next one on the connection could be confused with.
public final class FastCGIServer: Sendable {
  private let socket: ListeningSocket
  private let limits: Limits
  private let responder: any Responder
  private let overloaded: @Sendable () -> Response
  private let report: @Sendable (FastCGIEvent) -> Void
  private let events = EventQueue()

  /// A server that does not run yet.
  ///
  /// - Parameters:
  ///   - socket: what to accept connections of. The server closes it when it stops.
  ///   - responder: answers requests, on the server's thread as far as its functions are bound to no other actor.
  ///   - overloaded: makes the answer to a request that is one too many. It is called on the server's thread and must
  ///     not wait.
  ///   - report: is told of events. It is called on the server's thread and must not wait.
  public init(
    socket: ListeningSocket, limits: Limits = Limits(), responder: any Responder,
    overloaded: @escaping @Sendable () -> Response, report: @escaping @Sendable (FastCGIEvent) -> Void = { _ in }
  ) {
    self.socket = socket
    self.limits = limits
    self.responder = responder
    self.overloaded = overloaded
    self.report = report
  }

  /// Serves until it is stopped. To be called once.
  ///
  /// - Throws: `server.failed` when the system has no thread or descriptor for it.
  public func run() async throws(FastCGIFailure) {
    let failure: SystemError?
    do throws(SystemError) {
      failure = try await OwnThread.run { [self] () -> SystemError? in
        do throws(SystemError) {
          let loop = try ServerLoop(
            socket: socket, limits: limits, responder: responder, overloaded: overloaded, report: report,
            events: events)
          loop.run()
          return nil
        } catch {
          return error
        }
      }
    } catch {
      failure = error
    }
    events.close()
    socket.close()
    if let failure {
      throw FastCGIFailure("server.failed", "cannot start to serve: \(failure)")
    }
  }

  /// Stops accepting, lets the running requests be answered, and ends `run()` when they are, when what they have left to
  /// do afterwards is done and all connections are closed, or when the time is over.
  ///
  /// It does not wait, and may be called at any time, from any thread and more than once: the shortest time counts.
  public func stop(within grace: Duration = .seconds(15)) {
    events.stop(within: grace)
  }
}
