internal import FoundationEssentials
internal import Glibc
internal import Threads

/// Starts another program without a shell, and with nothing of this process except what is stated here: input on a pipe, no output,
/// no other open file, no signal blocked or ignored.
struct ProgramStart {
  enum Leadership {
    /// A process group, which can be killed as a whole.
    case group
    /// A session: killing this process's group or hanging up its terminal does not affect it.
    case session
  }

  struct Failure: Error, CustomStringConvertible {
    let reason: String
    var description: String { reason }
  }

  let path: String
  let arguments: [String]
  let environment: [String: String]
  let leads: Leadership
  /// Whether it shares this process's standard error; otherwise what it writes there is lost.
  let keepsErrors: Bool

  /// - Parameter input: at most `PIPE_BUF` bytes, which fit into the pipe (pipe(7)), so that a program that does not read them
  ///   blocks nobody.
  func start(with input: [UInt8]) throws(Failure) -> pid_t {
    var pipe: [CInt] = [-1, -1]
    guard unsafe Glibc.pipe(&pipe) == 0 else { throw Failure(reason: "pipe: \(SystemError.last)") }
    defer { close(pipe[0]) }
    // So that programs started at the same time do not hold each other's input open.
    for end in pipe { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    let written = unsafe input.withUnsafeBytes { unsafe write(pipe[1], $0.baseAddress, $0.count) }
    close(pipe[1])
    guard written == input.count else { throw Failure(reason: "the input does not fit into a pipe") }
    return try start(reading: pipe[0])
  }

  private func start(reading input: CInt) throws(Failure) -> pid_t {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_adddup2(&actions, input, STDIN_FILENO)
    unsafe posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0)
    if !keepsErrors {
      unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    }
    // A listening socket that systemd handed over survives an exec. A descriptor that is closed by then is not an error.
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
    let leadership = leads == .group ? Int16(POSIX_SPAWN_SETPGROUP) : Self.setSession
    unsafe posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF) | leadership)

    let words = unsafe arguments.map { unsafe strdup($0) } + [nil]
    let variables = unsafe environment.map { unsafe strdup("\($0)=\($1)") } + [nil]
    var copies = unsafe words + variables
    defer { while let copy = unsafe copies.popLast() { unsafe free(copy) } }
    var child: pid_t = 0
    let code = unsafe posix_spawn(&child, path, &actions, &attributes, words, variables)
    guard code == 0 else { throw Failure(reason: SystemError(number: code).description) }
    return child
  }

  /// `POSIX_SPAWN_SETSID` of glibc's spawn.h, which hides it from Swift.
  private static let setSession: Int16 = 0x80

  private static var openDescriptors: [CInt] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd")) ?? []).compactMap { CInt($0) }
  }
}
