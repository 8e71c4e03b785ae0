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
