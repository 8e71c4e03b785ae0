internal import CGlibc
internal import Glibc
internal import Threads

/// Runs the owner's program with an alert on its standard input: without a shell, without arguments, with an environment that
/// contains no secret and nothing from a visitor, and never two at a time.
struct AlertCommand: Sendable {
  let path: String
  /// The time after which it is killed, with everything that it started.
  var timeout: Duration = .seconds(30)
  var execution = Execution.threads

  /// A replaced site may still have one running.
  private static let turn = TaskTurn()

  func deliver(_ json: [UInt8]) async -> Delivery {
    await Self.turn.take { await run(json + [UInt8(ascii: "\n")]) }
  }

  /// How long to wait for one that was killed.
  private static let timeAfterKill: Duration = .seconds(5)

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
    // Nobody else waits for the child, so its process ID stays its own until then.
    let process = pingate_open_process(child)
    defer { if process >= 0 { close(process) } }
    var status: CInt?
    do throws(SystemError) {
      status = try await self.status(of: child, process, before: .now + timeout)
      if status == nil {
        kill(-child, SIGKILL)
        // A process that hangs in the kernel, for example on a disk that is gone, dies when it returns from there.
        let isGone = try await self.status(of: child, process, before: .now + Self.timeAfterKill) != nil
        return .failed(
          isGone ? "ran for too long and was killed" : "ran for too long and does not end though it was killed")
      }
    } catch {
      return .failed("cannot be waited for: \(error)")
    }
    guard let status else { preconditionFailure("looked at before") }
    // wait(2): the low seven bits are the signal, the next byte is the exit status.
    let signal = status & 0x7F
    guard signal == 0 else { return .failed("was ended by signal \(signal)") }
    let code = status >> 8 & 0xFF
    return code == 0 ? .delivered : .failed("exit status \(code)")
  }

  /// The status of a child that has ended; nil if the time came first.
  ///
  /// - Parameter process: a descriptor that is readable when it has ended; negative if the kernel has none (Linux before 5.3), and
  ///   then the child is polled.
  private func status(
    of child: pid_t, _ process: CInt, before deadline: ContinuousClock.Instant
  ) async throws(SystemError) -> CInt? {
    while true {
      var status: CInt = 0
      let ended = try SystemError.retrying { unsafe waitpid(child, &status, WNOHANG) }
      if ended == child { return status }
      if deadline <= .now { return nil }
      if process >= 0 {
        _ = await execution.wait(untilReadable: process, before: deadline)
      } else {
        await execution.sleep(for: .milliseconds(20))
      }
    }
  }
}
