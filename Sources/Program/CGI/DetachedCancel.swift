internal import FastCGI
internal import Glibc
internal import Threads

/// The process that a CGI program leaves behind to end an abandoned request when the provider permits it: `pingate end-request`,
/// from the same file, with the same settings.
///
/// It leads its own session, holds none of the web server's pipes, and lives for at most a minute. What it has to end comes sealed
/// on a pipe: others can read a command line or an environment.
enum DetachedCancel {
  /// Its longest life in seconds, whatever it waits for. The provider permits the end after half of that.
  static let longestLife: CUnsignedInt = 60

  /// More bytes than any token has.
  static let longestToken = 512

  /// - Parameter environment: the CGI program's; the request is removed from it.
  static func leave(_ token: String, environment: [String: String]) throws {
    let program = ProgramStart(
      // The running file itself, even if another one has its name by now (proc(5)).
      path: "/proc/self/exe", arguments: ["pingate", EndRequest.name],
      environment: CGIProgram.withoutRequest(environment), leads: .session, keepsErrors: false)
    _ = try program.start(with: Array(token.utf8))
  }

  /// Reads what was left on a pipe, up to its end.
  ///
  /// - Returns: nil if the descriptor is not a pipe, or has nothing or too much in it.
  static func read(from descriptor: CInt) -> String? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFIFO else { return nil }
    var bytes = [UInt8](repeating: 0, count: longestToken + 1)
    var count = 0
    while count < bytes.count {
      let more = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress! + count, buffer.count - count)
      }
      if more == 0 { break }
      guard more > 0 || errno == EINTR else { return nil }
      count += max(0, more)
    }
    guard (1...longestToken).contains(count) else { return nil }
    return String(validating: bytes.prefix(count), as: UTF8.self)
  }

  /// Waits by the wall clock, like the provider, and looks at it once a second, because it may be changed.
  static func sleep(_ wait: Duration, _ execution: Execution) async {
    let start = time(nil)
    while time(nil) - start < Int(wait.components.seconds) {
      await execution.sleep(for: .seconds(1))
    }
  }
}
