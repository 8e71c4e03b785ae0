internal import Glibc

/// What descriptor 0 is, as far as it tells how the process was started.
public enum StandardInput: Sendable, Hashable {
  /// A socket that listens (FastCGI specification 1.0, section 2.2).
  case listeningSocket
  /// Anything else: a pipe, a file, a terminal, nothing.
  case other

  /// Looks at this process's.
  public static func probe() -> StandardInput {
    isListening(STDIN_FILENO) ? .listeningSocket : .other
  }

  static func isListening(_ descriptor: Int32) -> Bool {
    var isListening: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 && isListening != 0
  }
}
