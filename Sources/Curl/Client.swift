internal import CCurl
internal import Glibc
package import HostNames
public import Threads

/// An HTTP client for the APIs of providers: libcurl on a thread of its own, or on the program's only thread, behind an
/// async interface.
///
/// Thousands of requests run at once, and connections and handles are reused. Every request is bounded in time and size
/// and is verified; no redirect is followed, and no proxy is used that was not configured.
///
/// The thread blocks all signals, including SIGPIPE, whatever the process does about them.
public final class Client: Sendable {
  private let queue: CallQueue
  /// The longest time that a request may take.
  public let timeout: Duration
  /// Nil if it runs on the program's only thread.
  private let thread: POSIXThread?

  /// Starts the client's thread, if it has one.
  ///
  /// - Throws: `.other` if libcurl or the thread cannot be started.
  public convenience init(
    _ configuration: Configuration = Configuration(), execution: Execution = .threads
  ) throws(CurlFailure) {
    try self.init(configuration, resolver: HostResolver(execution), execution: execution)
  }

  /// - Parameter resolver: resolves host names.
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
    } catch let failure as EasyHandle.Failure {
      throw Self.startFailure(failure.code)
    } catch {
      throw Self.startFailure(CURLE_FAILED_INIT)
    }
  }

  deinit {
    close()
  }

  /// Makes one request and waits for the response, whatever its HTTP status.
  ///
  /// If the task is canceled, the request is abandoned and fails with `.cancelled`.
  ///
  /// - Parameter end: when to abandon it, if that is earlier than its own timeout: for one of several requests that
  ///   somebody waits for together. Once it has passed, nothing is sent.
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

  /// Fails every current and future request with `.closed`. It returns once the client's thread has ended; if there is
  /// none, immediately.
  public func close() {
    queue.close()
    thread?.join()
  }

  /// libcurl's global initialization, once per process; thread-safe since 7.84.
  ///
  /// OpenSSL is initialized before it, without the texts of its 2,800 errors: `CurlFailure` has libcurl's own, and a CGI
  /// program is ready 0.2 ms sooner. That holds for the whole process, so for Redis's TLS too, whose failures show only
  /// the number that SSL_get_error gives.
  private static let library: CURLcode = {
    let noTexts = pingate_OPENSSL_INIT_NO_LOAD_CRYPTO_STRINGS | pingate_OPENSSL_INIT_NO_LOAD_SSL_STRINGS
    // libcurl initializes it too, and ignores whether that succeeds.
    guard pingate_init_openssl(UInt64(noTexts), nil) == 1 else { return CURLE_FAILED_INIT }
    return curl_global_init(Int(CURL_GLOBAL_DEFAULT))
  }()

  private static func startFailure(_ code: CURLcode) -> CurlFailure {
    CurlFailure(.other, code: code, attempted: "starting libcurl", mayHaveBeenSent: false)
  }
}
