internal import Glibc

/// Text for the person at the terminal, or for the web server's log.
enum StandardError {
  /// Prints what a service says before it has a log. It does not wait, except for at most a second at the process's end: the
  /// reader of a service's log may stand still.
  static func printWithoutWaiting(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      LogSink.standardError.write(line + "\n", isSevere: true)
    }
  }

  /// Prints what a command says, and waits until it is written.
  static func print(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// The program's exit statuses (sysexits.h).
enum ExitStatus {
  static let success: CInt = 0
  /// Its input or arguments make no sense.
  static let usage: CInt = 64
  /// It could not listen.
  static let unavailable: CInt = 69
  /// The system has no threads, memory, or descriptors for it.
  static let system: CInt = 71
  /// Nobody took the answer to a CGI request.
  static let noOutput: CInt = 74
  /// Something that it was to deliver was given up.
  static let undelivered: CInt = 76
  /// It was told to end while it answered a CGI request (128 + SIGTERM, as in shells).
  static let stopped: CInt = 143
  /// The settings are wrong.
  static let configuration: CInt = 78
}
