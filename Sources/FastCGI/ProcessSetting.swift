internal import CFastCGI
internal import Glibc

/// Settings of the process as a whole, which must be in place before it has threads.
public enum ProcessSetting {
  /// Prepares the process for serving. Call it once, first thing in `main`, after the environment has been read.
  ///
  /// - libfcgi is initialized without the signal handlers for SIGPIPE, SIGUSR1 and SIGTERM that it installs: they would
  ///   swallow SIGTERM.
  /// - SIGPIPE is ignored: a peer that went away makes the call fail and must not kill the process.
  /// - The soft limit on descriptors is raised toward the hard one.
  /// - glibc keeps no fast bins (mallopt(3), M_MXFAST).
  /// - `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES` are removed from the environment (sd_listen_fds(3)).
  ///
  /// The threads of `FastCGIServer` block all signals. The caller must block the signals that it receives through
  /// sigwait(3) or signalfd(2) (SIGTERM, SIGINT, SIGHUP) before its first task runs: the threads that run tasks inherit
  /// the mask.
  public static func prepare() {
    initializeLibrary()
    signal(SIGPIPE, SIG_IGN)
    raiseDescriptorLimit()
    // glibc empties the fast bins, walking over all of them, whenever a large block is freed, and each thread has its
    // own cache for small blocks anyway. If this is refused, the process is a few percent slower.
    _ = mallopt(pingate_mxfast, 0)
    for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] {
      unsafe unsetenv(name)
    }
  }

  /// Takes memory from the kernel 2 MiB at a time, and never gives any back (mallopt(3)). A process that ends after one
  /// request would otherwise ask the kernel some hundred times, and it can reuse what it already has. Pages that are
  /// never written to are never allocated.
  public static func keepMemory() {
    // If this is refused, memory is taken in small pieces.
    _ = mallopt(pingate_top_pad, 2 << 20)
    _ = mallopt(pingate_trim_threshold, .max)
    // Everything comes from the heap, where it stays.
    _ = mallopt(pingate_mmap_max, 0)
  }

  /// Calls FCGX_Init once and then restores the signal handlers.
  static func initializeLibrary() {
    _ = initialized
  }

  private static let initialized: Bool = {
    let signals = [SIGPIPE, SIGUSR1, SIGTERM]
    let before = signals.map { number in
      var action = sigaction()
      unsafe sigaction(number, nil, &action)
      return action
    }
    let isInitialized = FCGX_Init() == 0
    for (number, action) in zip(signals, before) {
      var action = action
      unsafe sigaction(number, &action, nil)
    }
    return isInitialized
  }()

  /// libfcgi and libcurl use poll rather than select, so descriptors above 1,023 do no harm.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    let wanted = min(limit.rlim_max, 65_536)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = wanted
    // If this is refused, there are fewer connections at a time, and accepting pauses at the limit.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
