internal import Glibc

/// Text for the person at the terminal, or for the web server's log.
enum StandardError {
  /// Prints what a service says before it has a log. Does not wait, at the process's end for a second at most: who reads a
  /// service's log may stand still.
  static func printWithoutWaiting(_ text: String) {
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      LogSink.standardError.write(line + "\n", isSevere: true)
    }
  }

  /// Prints what a command says, and waits until it is taken.
  static func print(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}

/// How the program ends (sysexits.h).
enum ExitStatus {
  static let success: CInt = 0
  /// It was given what it cannot read.
  static let usage: CInt = 64
  /// It could not listen.
  static let unavailable: CInt = 69
  /// The system has no threads, no memory or no descriptors for it.
  static let system: CInt = 71
  /// There is nobody who takes the answer to a CGI request.
  static let noOutput: CInt = 74
  /// What it was to bring somewhere was given up.
  static let undelivered: CInt = 76
  /// It was told to end while it answered a CGI request (128 and SIGTERM, as shells have it).
  static let stopped: CInt = 143
  /// The settings are wrong.
  static let configuration: CInt = 78
}
