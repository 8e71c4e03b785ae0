internal import Dispatch
internal import Glibc

/// Runs the owner's program with an alert on its standard input: without a shell, without arguments, with an environment
/// that holds no secret and nothing of a visitor's, and never two of them at a time.
struct AlertCommand: Sendable {
  let path: String
  /// When it is killed, with all that it has started.
  var patience: Duration = .seconds(30)

  /// Waiting for a program takes a thread.
  private static let queue = DispatchQueue(label: "AlertCommand")

  func deliver(_ json: [UInt8]) async -> Delivery {
    await withCheckedContinuation { caller in
      Self.queue.async { caller.resume(returning: run(json + [UInt8(ascii: "\n")])) }
    }
  }

  private func run(_ input: [UInt8]) -> Delivery {
    // In a CGI program standard output is the visitor's page.
    let program = ProgramStart(
      path: path, arguments: [path], environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
      leads: .group, keepsErrors: true)
    do throws(ProgramStart.Failure) {
      return wait(for: try program.start(with: input))
    } catch {
      return .failed("cannot be started: \(error.reason)")
    }
  }

  private func wait(for child: pid_t) -> Delivery {
    let deadline = ContinuousClock.now + patience
    var status: CInt = 0
    while true {
      let ended = unsafe waitpid(child, &status, WNOHANG)
      if ended == child { break }
      guard ended == 0 || errno == EINTR else { return .failed("waitpid: errno \(errno)") }
      guard .now < deadline else {
        kill(-child, SIGKILL)
        while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
        return .failed("ran for too long and was killed")
      }
      usleep(5_000)
    }
    // wait(2): the low seven bits are the signal, the next byte is the exit status.
    let signal = status & 0x7F
    guard signal == 0 else { return .failed("was ended by signal \(signal)") }
    let code = status >> 8 & 0xFF
    return code == 0 ? .delivered : .failed("exit status \(code)")
  }
}
