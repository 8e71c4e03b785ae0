public import Gateway
internal import Threads

/// A FastCGI application server: web servers connect to its socket, and a responder answers their requests.
///
/// It runs a few threads of its own, each an event loop, and spreads the connections over them. No loop ever waits for
/// a single peer, and no request holds a thread while it is being answered: a thousand requests, or a thousand slow
/// peers, cost only memory. A request's task runs on the thread of its connection (a thread switch would cost more than
/// most of the work), so a responder must not block: blocking work needs a thread of its own. A request is complete and
/// validated (`RequestReader`, `Codec`) before its task runs and before libfcgi sees a byte of it. Once it is answered,
/// nothing of it remains that could be confused with the next request on the connection.
public final class FastCGIServer: Sendable {
  let socket: ListeningSocket
  let limits: ServerLimits
  let responder: any Responder
  let overloaded: @Sendable (Request) -> Response
  let report: @Sendable (FastCGIEvent) -> Void
  let group: LoopGroup

  /// Creates a server that is not running yet.
  ///
  /// - Parameters:
  ///   - socket: the socket to accept connections on. The server closes it when it stops.
  ///   - loops: how many threads share the connections, at least one.
  ///   - limits: the limits for all loops together.
  ///   - responder: answers requests. It runs on the server's threads, except for functions isolated to an actor.
  ///   - overloaded: makes the response to a request beyond `ServerLimits.requestsInFlight`. It is called on any of the
  ///     server's threads and must not block.
  ///   - report: receives events. It is called on any of the server's threads and must not block.
  public init(
    socket: ListeningSocket, loops: Int = 1, limits: ServerLimits = ServerLimits(), responder: any Responder,
    overloaded: @escaping @Sendable (Request) -> Response, report: @escaping @Sendable (FastCGIEvent) -> Void = { _ in }
  ) {
    self.socket = socket
    self.limits = limits
    self.responder = responder
    self.overloaded = overloaded
    self.report = report
    group = LoopGroup(loops, limits: limits)
  }

  /// Serves until it is stopped. Call it only once.
  ///
  /// - Throws: `server.failed` if the system cannot provide the threads or descriptors.
  public func run() async throws(FastCGIFailure) {
    let failure: SystemError?
    do throws(SystemError) {
      failure = try await DedicatedThread.run(named: Self.threadName(0)) { [self] () -> SystemError? in
        do throws(SystemError) {
          try runLoops()
          return nil
        } catch {
          return error
        }
      }
    } catch {
      failure = error
    }
    for member in group.members { member.events.close() }
    socket.close()
    if let failure {
      throw FastCGIFailure("server.failed", "cannot start to serve: \(failure)")
    }
  }

  private static func threadName(_ index: Int) -> String { "fastcgi-\(index + 1)" }

  /// Runs the first loop on this thread and the others on threads of their own; returns when all have ended.
  private func runLoops() throws(SystemError) {
    let first = try ServerLoop(0, of: self)
    var threads: [POSIXThread] = []
    defer {
      for thread in threads { thread.join() }
    }
    do throws(SystemError) {
      for index in 1..<group.members.count {
        let loop = try ServerLoop(index, of: self)
        do throws(POSIXThread.Failure) {
          threads.append(try POSIXThread(named: Self.threadName(index)) { loop.run() })
        } catch {
          throw SystemError(number: error.errorNumber)
        }
      }
    } catch {
      // They have no connections yet.
      group.stop(within: .zero)
      throw error
    }
    first.run()
  }

  /// Stops accepting connections and lets the running requests finish. `run()` returns once all requests are answered,
  /// their work after the response is done and all connections are closed, or when the grace period ends.
  ///
  /// It does not wait, and may be called at any time, from any thread, and more than once: the shortest grace period
  /// counts.
  public func stop(within grace: Duration = FastCGIServer.grace) {
    group.stop(within: grace)
  }

  /// Slightly longer than a page takes whose provider is as slow as the timeout allows.
  public static let grace: Duration = .seconds(20)
}

/// Runs blocking work on a thread of its own, away from the threads that run tasks.
enum DedicatedThread {
  /// Runs work on a new thread, and waits for it without blocking a thread.
  ///
  /// - Throws: the error of pthread_create(3).
  static func run<Value: Sendable>(named name: String, _ body: @escaping @Sendable () -> Value)
    async throws(SystemError) -> Value
  {
    let result: Result<Value, SystemError> = await withCheckedContinuation { continuation in
      do throws(POSIXThread.Failure) {
        _ = try POSIXThread(named: name) { continuation.resume(returning: .success(body())) }
      } catch {
        continuation.resume(returning: .failure(SystemError(number: error.errorNumber)))
      }
    }
    return try result.get()
  }
}

/// Why a server could not be set up. It is meant for the operator, never for a client.
public struct FastCGIFailure: Error, Sendable, Hashable, CustomStringConvertible {
  /// A stable code, such as "listen.inUse".
  public let code: String
  /// What was tried, what went wrong and what to do about it, in a sentence.
  public let description: String

  init(_ code: String, _ description: String) {
    self.code = code
    self.description = description
  }
}
