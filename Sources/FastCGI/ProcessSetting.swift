internal import CFastCGI
internal import Glibc

/// What belongs to the process as a whole, and so must be set up before it has threads.
public enum ProcessSetting {
  /// Prepares the process for serving. Call it once, first thing in `main`, after the environment was read.
  ///
  /// - libfcgi is initialized, without the signal handlers for SIGPIPE, SIGUSR1 and SIGTERM that it puts in place: they
  ///   would swallow SIGTERM.
  /// - SIGPIPE is ignored: a peer that went away is an error of the call and no reason to die.
  /// - The soft limit on descriptors is raised towards the hard one.
  /// - glibc keeps no fast bins (mallopt(3), M_MXFAST).
  /// - `LISTEN_PID`, `LISTEN_FDS` and `LISTEN_FDNAMES` are taken out of the environment (sd_listen_fds(3)).
  ///
  /// The threads of `FastCGIServer` block all signals. The caller must block those that it waits for with sigwait(3) or
  /// signalfd(2) (SIGTERM, SIGINT, SIGHUP) before its first task runs: the threads that run tasks inherit the mask.
  public static func prepare() {
    initializeLibrary()
    signal(SIGPIPE, SIG_IGN)
    raiseDescriptorLimit()
    // They are emptied, with a walk over all of them, whenever a large piece is given back; and each thread has a cache of
    // its own for small pieces all the same. Refused: then it is slower by some percent.
    _ = mallopt(pingate_mxfast, 0)
    for name in ["LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES"] {
      unsafe unsetenv(name)
    }
  }

  /// Has memory taken from the kernel by 2 MiB, and none given back: a process that ends after one request asks some
  /// hundred times otherwise, and what it has had once it can have again (mallopt(3)). What is not written to is never made
  /// real.
  public static func keepMemory() {
    // Refused: then it is taken in small pieces.
    _ = mallopt(pingate_top_pad, 2 << 20)
    _ = mallopt(pingate_trim_threshold, .max)
    // All of it from the heap, where it stays.
    _ = mallopt(pingate_mmap_max, 0)
  }

  /// Runs FCGX_Init once and puts the signal handlers back as they were before.
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

  /// libfcgi and libcurl poll and do not select, so that descriptors over 1,023 harm nothing.
  private static func raiseDescriptorLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return }
    let wanted = min(limit.rlim_max, 65_536)
    guard limit.rlim_cur < wanted else { return }
    limit.rlim_cur = wanted
    // Refused: then there are fewer connections at one time, and accepting pauses at the limit.
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
  }
}
