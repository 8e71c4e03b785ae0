internal import Glibc

/// Turns the signals that the program obeys into values.
///
/// They are blocked in every thread, so that none ever interrupts a system call of libfcgi or libcurl (libfcgi takes an
/// interrupted read for a dead connection), and the main thread does nothing but wait for them with `sigwait`. That is why the
/// program has no `async` main: one ends in `dispatch_main`, which unblocks all signals.
struct SignalListener: Sendable {
  enum Wish: Sendable {
    /// SIGTERM, SIGINT, and SIGUSR1 (which Apache's FastCGI modules send): finish what is running, then end.
    case stop
    /// SIGHUP: read settings and pages again.
    case reload
  }

  /// The wishes as they come.
  let wishes: AsyncStream<Wish>
  private let continuation: AsyncStream<Wish>.Continuation

  /// Blocks the signals in the calling thread and in every thread that it starts from now on. It has to be called first of all,
  /// on the main thread.
  init() {
    (wishes, continuation) = AsyncStream.makeStream()
    var signals = Self.signals
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Waits for signals for as long as the process lives.
  func listen() -> Never {
    var signals = Self.signals
    while true {
      var signal: CInt = 0
      // It fails only for a set without a valid signal.
      guard unsafe sigwait(&signals, &signal) == 0 else { continue }
      continuation.yield(signal == SIGHUP ? .reload : .stop)
    }
  }

  /// The signals that ask the process to end.
  static let ending = [SIGTERM, SIGINT, SIGUSR1]

  private static var signals: sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    for signal in ending + [SIGHUP] {
      unsafe sigaddset(&signals, signal)
    }
    return signals
  }
}
