internal import Glibc

/// Where the operator is told what is wrong.
enum StandardError {
  /// Each line with the program's name in front.
  static func print(_ text: String) {
    let lines = text.split(separator: "\n").map { "vonage-sandbox: \($0)\n" }.joined()
    let bytes = Array(lines.utf8)
    // Nobody is left to be told that it failed.
    _ = unsafe bytes.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
  }
}
