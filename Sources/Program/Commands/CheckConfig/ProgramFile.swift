internal import Glibc
internal import Threads

/// A program of the owner's that PinGate runs.
enum ProgramFile {
  /// Why it cannot or should not be started, and what to do; nil when nothing speaks against it.
  static func complaint(about path: String) -> String? {
    var status = stat()
    guard unsafe stat(path, &status) == 0 else {
      return "\(path) cannot be started (\(SystemError.last))"
    }
    guard status.st_mode & S_IFMT == S_IFREG else { return "\(path) is not a file" }
    // Root may execute what anybody may.
    guard unsafe access(path, X_OK) == 0 else { return "\(path) is not executable; run: chmod +x \(path)" }
    guard status.st_mode & 0o002 == 0 else {
      return "every user of this machine can change \(path); run: chmod o-w \(path)"
    }
    return nil
  }
}
