internal import Glibc
internal import Synchronization
internal import Threads

/// Runs the owner's program with an alert on its standard input: without a shell, without arguments, with an environment
/// that holds no secret and nothing of a visitor's, and never two of them at a time.
struct AlertCommand: Sendable {
  let path: String
  /// When it is killed, with all that it has started.
  var patience: Duration = .seconds(30)
  var execution = Execution.threads

  /// Whose turn it is: a site that was replaced may have one at work still.
  private static let isRunning = Atomic(false)

  func deliver(_ json: [UInt8]) async -> Delivery {
    while Self.isRunning.exchange(true, ordering: .acquiring) { await execution.sleep(for: Self.look) }
    defer { Self.isRunning.store(false, ordering: .releasing) }
    return await run(json + [UInt8(ascii: "\n")])
  }

  /// How often it is looked whether a program has ended: to be told costs a thread, or a signal.
  private static let look: Duration = .milliseconds(5)

  /// How long one that was killed is waited for.
  private static let dying: Duration = .seconds(5)

  private func run(_ input: [UInt8]) async -> Delivery {
    // In a CGI program standard output is the visitor's page.
    let program = ProgramStart(
      path: path, arguments: [path], environment: ["PATH": "/usr/local/bin:/usr/bin:/bin", "LC_ALL": "C.UTF-8"],
      leads: .group, keepsErrors: true)
    // To start it waits until the kernel has read it, from whatever disk that is.
    let started: Result<pid_t, ProgramStart.Failure> = await execution.blocking {
      do throws(ProgramStart.Failure) {
        return .success(try program.start(with: input))
      } catch {
        return .failure(error)
      }
    }
    switch started {
    case .success(let child): return await wait(for: child)
    case .failure(let failure): return .failed("cannot be started: \(failure.reason)")
    }
  }

  private func wait(for child: pid_t) async -> Delivery {
    var deadline = ContinuousClock.now + patience
    var isKilled = false
    var status: CInt = 0
    while true {
      let ended = unsafe waitpid(child, &status, WNOHANG)
      if ended == child { break }
      guard ended == 0 || errno == EINTR else { return .failed("waitpid: errno \(errno)") }
      if deadline <= .now {
        // One that hangs in the kernel, as on a disk that is gone, dies when it comes back from there.
        if isKilled { return .failed("ran for too long and does not end though it was killed") }
        kill(-child, SIGKILL)
        isKilled = true
        deadline = .now + Self.dying
      }
      await execution.sleep(for: Self.look)
    }
    if isKilled { return .failed("ran for too long and was killed") }
    // wait(2): the low seven bits are the signal, the next byte is the exit status.
    let signal = status & 0x7F
    guard signal == 0 else { return .failed("was ended by signal \(signal)") }
    let code = status >> 8 & 0xFF
    return code == 0 ? .delivered : .failed("exit status \(code)")
  }
}
