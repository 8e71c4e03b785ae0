internal import Glibc

/// Text for the person at the terminal, or for the web server's log.
enum StandardError {
  static func print(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
