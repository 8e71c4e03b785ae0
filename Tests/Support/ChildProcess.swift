public import Glibc
internal import Threads

/// A program that runs beside the test, and ends with it. It is started without Foundation's `Process`, which waits with a
/// run loop, and hangs in tasks.
///
/// Of programs that are started at the same time none inherits another's pipes: a pipe that a stranger holds is never seen
/// to end.
public final class ChildProcess: Sendable {
  public let identifier: pid_t
  /// What it writes to standard output comes out of here.
  private let output: CInt
  /// Its standard input, of which nothing comes, and which ends with this; nil where that is empty.
  private let leash: CInt?
  /// It is there, as long as nobody has asked for its status.
  private let isThere = Locked(true)

  public struct Failure: Error {
    let code: CInt
  }

  /// - Parameters:
  ///   - program: its path.
  ///   - hasLeash: whether its standard input is open until this is gone.
  public init(_ program: String, _ arguments: [String], hasLeash: Bool = false) throws {
    let output = try Self.pipe()
    let leash = hasLeash ? try Self.pipe() : nil
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe posix_spawn_file_actions_destroy(&actions) }
    if let leash {
      unsafe posix_spawn_file_actions_adddup2(&actions, leash.reading, STDIN_FILENO)
    } else {
      unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
    }
    unsafe posix_spawn_file_actions_adddup2(&actions, output.writing, STDOUT_FILENO)
    unsafe posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0)
    var pointers = unsafe ([program] + arguments).map { unsafe strdup($0) } + [nil]
    defer {
      for index in unsafe pointers.indices { unsafe free(pointers[index]) }
    }
    var identifier: pid_t = 0
    let code = unsafe posix_spawn(&identifier, program, &actions, nil, &pointers, environ)
    close(output.writing)
    if let leash { close(leash.reading) }
    guard code == 0 else {
      close(output.reading)
      if let leash { close(leash.writing) }
      throw Failure(code: code)
    }
    self.identifier = identifier
    self.output = output.reading
    self.leash = leash?.writing
  }

  private static func pipe() throws -> (reading: CInt, writing: CInt) {
    var ends: [CInt] = [-1, -1]
    guard unsafe Glibc.pipe(&ends) == 0 else { throw Failure(code: errno) }
    for end in ends { _ = fcntl(end, F_SETFD, FD_CLOEXEC) }
    return (ends[0], ends[1])
  }

  deinit {
    kill()
    close(output)
    if let leash { close(leash) }
  }

  /// Runs it to its end.
  ///
  /// - Returns: what it printed, without white space at its ends.
  @discardableResult
  public static func run(_ program: String, _ arguments: [String]) throws -> String {
    let process = try ChildProcess(program, arguments)
    let text = process.readAll()
    process.wait()
    return text
  }

  /// Some more of its output; empty when it has closed it.
  public func read() -> [UInt8] {
    var buffer = [UInt8](repeating: 0, count: 4_096)
    while true {
      let count = unsafe Glibc.read(output, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      return Array(buffer.prefix(max(0, count)))
    }
  }

  /// The rest of its output, once it has closed it, without white space at its ends.
  public func readAll() -> String {
    var bytes: [UInt8] = []
    while true {
      let more = read()
      if more.isEmpty { break }
      bytes += more
    }
    let text = String(decoding: bytes, as: UTF8.self).drop { $0.isWhitespace }
    return String(text.reversed().drop { $0.isWhitespace }.reversed())
  }

  public func send(_ signal: CInt) {
    isThere.with { if $0 { _ = Glibc.kill(identifier, signal) } }
  }

  /// Kills it, if it has not ended by itself.
  public func kill() {
    send(SIGKILL)
    wait()
  }

  /// Returns when it has ended.
  public func wait() {
    isThere.with { isThere in
      guard isThere else { return }
      var status: CInt = 0
      while unsafe waitpid(identifier, &status, 0) < 0, errno == EINTR {}
      isThere = false
    }
  }
}
