internal import CGlibc
internal import Glibc

/// What the program asks of the kernel, for itself, before it does anything else.
enum ProcessLimits {
  /// Keeps secrets out of core files and away from other processes of the same user, and makes sure that the descriptors 0 to 2 are
  /// open, so that no socket ever becomes "standard error" and gets log lines written into it.
  ///
  /// - Returns: whether standard output was open.
  static func harden() -> Bool {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none)
    let isHidden = hideMemory()
    let hasOutput = fcntl(STDOUT_FILENO, F_GETFD) >= 0
    for descriptor in STDIN_FILENO...STDERR_FILENO where fcntl(descriptor, F_GETFD) < 0 {
      // This is the lowest free descriptor: those below it are open by now.
      _ = unsafe open("/dev/null", O_RDWR)
    }
    if !isHidden { StandardError.print("PinGate: the kernel does not hide this process' memory (PR_SET_DUMPABLE)") }
    return hasOutput
  }

  /// Hides the process's memory from everybody but root: other processes of the same user (on shared hosts, other people's scripts)
  /// can neither read it nor trace the process, and no core is dumped, not even to a program that the kernel pipes cores to whatever
  /// `RLIMIT_CORE` says (core(5)). prctl(2), `PR_SET_DUMPABLE`; the next execve(2) undoes it.
  ///
  /// - Returns: false if it is refused, as a seccomp filter may do.
  private static func hideMemory() -> Bool {
    pingate_set_dumpable(0) == 0
  }

  /// How many files may be open.
  static var openFiles: Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return .max }
    return Int(clamping: limit.rlim_cur)
  }
}
