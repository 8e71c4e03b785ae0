public import Gateway
internal import Threads

/// A FastCGI application server: web servers connect to its socket, and a responder answers their requests.
///
/// A few threads of its own, each a loop, have the connections among them. None ever waits for a peer, and a request holds no
/// thread while it is answered: a thousand of them, or a thousand slow peers, cost memory only. The tasks of requests run on
/// the same threads, each on that of its connection (a handing over costs more than most of what they do), so a responder
/// must not block: what blocks belongs on a thread of its own. Before a task runs, and before libfcgi sees a byte, a request
/// is whole and checked (`RequestReader`, `Codec`). After its answer nothing of a request is left that a next one on the
/// connection could be confused with.
public final class FastCGIServer: Sendable {
  let socket: ListeningSocket
  let limits: Limits
  let responder: any Responder
  let overloaded: @Sendable (Request) -> Response
  let report: @Sendable (FastCGIEvent) -> Void
  let group: LoopGroup

  /// A server that does not run yet.
  ///
  /// - Parameters:
  ///   - socket: what to accept connections of. The server closes it when it stops.
  ///   - loops: how many threads share the connections, one at least.
  ///   - limits: for all loops together.
  ///   - responder: answers requests, on the threads of the server as far as its functions are bound to no other actor.
  ///   - overloaded: makes the answer to a request that is one too many. It is called on any of the server's threads and
  ///     must not wait.
  ///   - report: is told of events. It is called on any of the server's threads and must not wait.
  public init(
    socket: ListeningSocket, loops: Int = 1, limits: Limits = Limits(), responder: any Responder,
    overloaded: @escaping @Sendable (Request) -> Response, report: @escaping @Sendable (FastCGIEvent) -> Void = { _ in }
  ) {
    self.socket = socket
    self.limits = limits
    self.responder = responder
    self.overloaded = overloaded
    self.report = report
    group = LoopGroup(loops, limits: limits)
  }

  /// Serves until it is stopped. To be called once.
  ///
  /// - Throws: `server.failed` when the system has no threads or descriptors for it.
  public func run() async throws(FastCGIFailure) {
    let failure: SystemError?
    do throws(SystemError) {
      failure = try await OwnThread.run(named: Self.threadName(0)) { [self] () -> SystemError? in
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

  /// Runs the first loop on this thread, the others on threads of their own, and returns when all have ended.
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

  /// Stops accepting, lets the running requests be answered, and ends `run()` when they are, when what they have left to
  /// do afterwards is done and all connections are closed, or when the time is over.
  ///
  /// It does not wait, and may be called at any time, from any thread and more than once: the shortest time counts.
  public func stop(within grace: Duration = FastCGIServer.grace) {
    group.stop(within: grace)
  }

  /// A little more than a page takes whose provider is as slow as it may be.
  public static let grace: Duration = .seconds(20)
}

/// Runs work that blocks on a thread of its own, away from the threads on which tasks run.
enum OwnThread {
  /// Waits, without holding a thread, for work on a new thread.
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
