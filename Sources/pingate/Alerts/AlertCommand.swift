internal import Dispatch
internal import FoundationEssentials
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
    var pipe: [CInt] = [-1, -1]
    guard unsafe Glibc.pipe(&pipe) == 0 else { return .failed("pipe: errno \(errno)") }
    defer { close(pipe[0]) }
    // It fits into the pipe (pipe(7): 4,096 bytes at least), so that a program that does not read it stops nobody.
    let written = unsafe input.withUnsafeBytes { unsafe write(pipe[1], $0.baseAddress, $0.count) }
    close(pipe[1])
    guard written == input.count else { return .failed("the alert does not fit into a pipe") }
    switch start(reading: pipe[0]) {
    case .success(let child): return wait(for: child)
    case .failure(let failure): return .failed("cannot be started: \(failure.reason)")
    }
  }

  private struct StartFailure: Error {
    let reason: String
  }

  private func start(reading input: CInt) -> Result<pid_t, StartFailure> {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    // In a CGI program standard output is the visitor's page.
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    // A listening socket that systemd handed over outlives an exec. One that is closed by then is no error.
    for descriptor in Self.openDescriptors where descriptor > STDERR_FILENO {
      unsafe posix_spawn_file_actions_addclose(&actions, descriptor)
    }

    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    var all = sigset_t()
    unsafe sigfillset(&all)
    // This process blocks the signals that it waits for, and ignores others.
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setsigdefault(&attributes, &all)
    unsafe posix_spawnattr_setpgroup(&attributes, 0)
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP))

    let arguments = unsafe [strdup(path), nil]
    let environment = unsafe [strdup("PATH=/usr/local/bin:/usr/bin:/bin"), strdup("LC_ALL=C.UTF-8"), nil]
    var copies = unsafe arguments + environment
    defer { while let copy = unsafe copies.popLast() { unsafe free(copy) } }
    var child: pid_t = 0
    let code = unsafe posix_spawn(&child, path, &actions, &attributes, arguments, environment)
    guard code == 0 else { return .failure(StartFailure(reason: unsafe String(cString: strerror(code)))) }
    return .success(child)
  }

  private static var openDescriptors: [CInt] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { CInt($0) }
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
