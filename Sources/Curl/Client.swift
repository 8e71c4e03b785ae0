internal import CCurl
internal import Glibc
package import HostNames
public import Threads

/// An HTTP client for the APIs of providers: libcurl on one thread of its own, or on the only one of the program, with an
/// async face.
///
/// Thousands of requests run at once; connections and handles are kept and used again. Every request is bounded in
/// time and size, verified, never redirected, and never taken through a proxy that nobody configured.
///
/// The thread blocks all signals, SIGPIPE included, whatever the process does about them.
public final class Client: Sendable {
  private let queue: CallQueue
  /// The longest time that a request may take.
  public let timeout: Duration
  /// Nil where it runs on the program's only thread.
  private let thread: POSIXThread?

  /// Starts the thread, where it has one.
  ///
  /// - Throws: `.other` when libcurl or the thread cannot be started.
  public convenience init(
    _ configuration: Configuration = Configuration(), execution: Execution = .threads
  ) throws(CurlFailure) {
    try self.init(configuration, resolver: HostResolver(execution), execution: execution)
  }

  /// - Parameter resolver: whom names are asked of.
  package init(
    _ configuration: Configuration, resolver: HostResolver, execution: Execution = .threads
  ) throws(CurlFailure) {
    guard Self.library == CURLE_OK else { throw Self.startFailure(Self.library) }
    do {
      timeout = configuration.timeout
      switch execution {
      case .threads:
        let loop = try Loop(configuration, resolver, hasThread: true)
        queue = loop.queue
        thread = try POSIXThread(named: "curl") { loop.run() }
      case .loop(let eventLoop):
        let loop = try Loop(configuration, resolver, hasThread: false)
        queue = loop.queue
        thread = nil
        eventLoop.add(loop)
      }
    } catch let refusal as EasyHandle.Refusal {
      throw Self.startFailure(refusal.code)
    } catch {
      throw Self.startFailure(CURLE_FAILED_INIT)
    }
  }

  deinit {
    close()
  }

  /// Makes one request and waits for its answer, whatever HTTP status that has.
  ///
  /// When the task is cancelled the request is given up, and fails as `.cancelled`.
  ///
  /// - Parameter end: when it is given up, if that is before its own time is over: for a request that is not the only one
  ///   of what somebody waits for. Once it has passed nothing is sent.
  public func send(_ request: Request, until end: ContinuousClock.Instant? = nil) async throws(CurlFailure) -> Answer {
    let own = ContinuousClock.now + timeout
    let call = Call(request, deadline: end.map { min($0, own) } ?? own)
    let outcome = await withTaskCancellationHandler {
      await withCheckedContinuation { queue.post(call, $0) }
    } onCancel: {
      queue.cancel(call)
    }
    return try outcome.get()
  }

  /// Fails every request that is under way or comes later as `.closed`, and returns when the thread has ended; without
  /// one, before that.
  public func close() {
    queue.close()
    thread?.join()
  }

  /// libcurl's own start-up, once in a process; thread-safe since 7.84.
  ///
  /// Before it OpenSSL's, without the texts for its 2,800 errors: what a `CurlFailure` says is libcurl's, and a CGI program is
  /// ready 0.2 ms sooner.
  private static let library: CURLcode = {
    let noTexts = pingate_OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | pingate_OPENSSL_INIT_NO_LOAD_SSL_STRINGS
    // Refused: then libcurl tries it again, and says so.
    _ = pingate_init_openssl(UInt64(noTexts), nil)
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT))
  }()

  private static func startFailure(_ code: CURLcode) -> CurlFailure {
    CurlFailure(.other, code: code, attempted: "starting libcurl", mayHaveBeenSent: false)
  }
}
