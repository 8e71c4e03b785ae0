internal import Glibc

/// A program that runs beside the test. Foundation's `Process` waits with a run loop, which hangs in tasks.
final class ChildProcess: Sendable {
  private let identifier: pid_t
  /// What it writes to standard output comes out of here.
  private let output: Int32

  struct Failure: Error {
    let code: Int32
  }

  /// - Parameter arguments: the program's path first.
  init(_ arguments: [String]) throws {
    var ends: [Int32] = [-1, -1]
    guard unsafe pipe(&ends) == 0 else { throw Failure(code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    defer { close(ends[1]) }
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    unsafe posix_spawn_file_actions_adddup2(&actions, ends[1], 1)
    unsafe posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    var pointers = unsafe arguments.map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe pointers.indices { unsafe free(pointers[index]) }
    }
    var identifier: pid_t = 0
    let code = unsafe posix_spawn(&identifier, arguments[0], &actions, nil, &pointers, environ)
    guard code == 0 else {
      close(ends[0])
      throw Failure(code: code)
    }
    self.identifier = identifier
    output = ends[0]
  }

  /// Ends the program, if it has not ended by itself.
  deinit {
    kill(identifier, SIGKILL)
    var status: Int32 = 0
    while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
    close(output)
  }

  /// Some more of its output; empty when it has closed it.
  func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    let count = unsafe Glibc.read(output, &buffer, buffer.count)
    return Array(buffer.prefix(max(0, count)))
  }
}
