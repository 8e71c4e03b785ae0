internal import Logging
internal import Threads
internal import Verification

/// The site's file of users or numbers, read again when it changes.
///
/// A file that is gone or cannot be read admits nobody: it closes the gate, and never opens it.
struct AdmittedFile: Sendable {
  /// The longest file that is read, in bytes: more than `UserNumbers.mostLines` ordinary lines.
  static let longest = 2 << 20
  /// How often the file is looked at, with one `stat`.
  static let interval: Duration = .seconds(1)

  let look: @Sendable () -> Void
  let admitted: Admitted

  /// - Returns: nil if the settings name no file.
  init?(_ settings: AdmittedSettings, log: Logger) {
    switch settings {
    case .everyNumber, .listed: return nil
    case .file(let path):
      let file = Self.watched(path, log, NumberList(), \.problems) { NumberList(lines: $0) }
      admitted = .listed { file.value }
      look = { file.look() }
    case .users(let path):
      let file = Self.watched(path, log, UserNumbers(), \.problems) { UserNumbers(lines: $0) }
      admitted = .users { file.value }
      look = { file.look() }
    }
  }

  /// Who is admitted, for a process that answers one question and ends: the file is read once, no more of it is parsed than that
  /// needs, and broken lines are left for others to report (otherwise each page of a folder would log them).
  ///
  /// - Parameter user: the user whose request it is.
  static func once(_ settings: AdmittedSettings, for user: UserName?) throws(SmallFile.Failure) -> Admitted {
    guard let path = settings.file?.path else { return settings.admitted(by: nil) }
    let lines = try SmallFile(path: path, limit: longest).lines()
    if case .users = settings {
      let users = user.map { UserNumbers(lines: lines, of: $0) } ?? UserNumbers()
      return .users { users }
    }
    let list = NumberList(lines: lines)
    return .listed { list }
  }

  private static func watched<Value: Sendable>(
    _ path: String, _ log: Logger, _ none: Value, _ problems: @escaping @Sendable (Value) -> [LineProblem],
    _ read: @escaping @Sendable ([String]) -> Value
  ) -> WatchedFile<Value> {
    let told = Told(path, log)
    return WatchedFile(path: path, limit: longest) { lines in
      switch lines {
      case .success(let lines):
        let value = read(lines)
        told.tell(problems(value))
        return value
      case .failure(let failure):
        told.tell(failure)
        return none
      }
    }
  }

  /// Looks at the file for as long as the task runs.
  func watch() async {
    while !Task.isCancelled {
      await Execution.threads.sleep(for: Self.interval)
      await Execution.threads.blocking(look)
    }
  }

  /// Tells the owner what is wrong with a file, once until that changes.
  private final class Told: Sendable {
    private let path: String
    private let log: Logger
    private let last = Locked<[String]>([])

    init(_ path: String, _ log: Logger) {
      (self.path, self.log) = (path, log)
    }

    func tell(_ problems: [LineProblem]) {
      guard isNew(problems.map(\.description)) else { return }
      for problem in problems.prefix(Self.most) {
        log.warning(
          "gate.line_unusable",
          metadata: ["file": "\(path)", "line": "\(problem.line)", "reason": "\(problem.advice)"])
      }
      guard problems.count > Self.most else { return }
      log.warning("gate.line_unusable", metadata: ["file": "\(path)", "more": "\(problems.count - Self.most)"])
    }

    func tell(_ failure: SmallFile.Failure) {
      guard isNew(["\(failure)"]) else { return }
      log.critical(
        "gate.file_unusable", metadata: ["file": "\(path)", "reason": "\(failure)", "then": "nobody passes"])
    }

    private func isNew(_ words: [String]) -> Bool {
      last.with { last in
        defer { last = words }
        return last != words
      }
    }

    /// The most lines reported for a file that is something else altogether.
    private static let most = 20
  }
}
