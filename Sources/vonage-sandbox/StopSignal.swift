internal import Glibc

/// SIGTERM and SIGINT, waited for in place of being suffered, so that they interrupt no system call.
enum StopSignal {
  /// Blocks them in the calling thread and in all that are made by it from now on: call it first of all.
  ///
  /// The main thread must then never get to `dispatch_main`, where an `async` main ends: that waits in sigsuspend(2) with
  /// every signal unblocked.
  static func block() {
    var signals = set
    unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Holds the calling thread until one comes.
  static func wait() {
    var signals = set
    var signal: CInt = 0
    // It fails for a set that holds no real signal only.
    unsafe sigwait(&signals, &signal)
  }

  private static var set: sigset_t {
    var signals = sigset_t()
    unsafe sigemptyset(&signals)
    unsafe sigaddset(&signals, SIGTERM)
    unsafe sigaddset(&signals, SIGINT)
    return signals
  }
}
