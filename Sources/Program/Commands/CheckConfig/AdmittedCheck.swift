internal import Threads
internal import Verification

/// Checks the file of users or numbers line by line; each number is also checked against the numbering plan, as when its PIN is
/// asked for.
struct AdmittedCheck {
  /// The setting that names the file.
  let name: SettingName
  private(set) var problems: [String] = []
  /// Each by its file and line, and without what is in it.
  private(set) var warnings: [(name: String, advice: String)] = []
  private(set) var fact = ""

  /// - Returns: nil where no file is named.
  init?(_ site: SiteSettings) {
    guard let (name, path) = site.admitted.file else { return nil }
    self.name = name
    let lines: [String]
    do {
      lines = try SmallFile(path: path, limit: AdmittedFile.longest).lines()
    } catch {
      problems.append("\(path) cannot be read (\(error))")
      return
    }
    func warn(_ line: Int, _ advice: String) { warnings.append(("\(path):\(line)", advice)) }
    let usable: Int
    switch site.admitted {
    case .everyNumber, .listed: return nil
    case .users:
      let users = UserNumbers(lines: lines)
      for problem in users.problems { warn(problem.line, problem.advice) }
      let unserved = users.all.filter { !Self.isServed($0.number, site.plan) }
      for entry in unserved { warn(entry.line, Self.unservedAdvice) }
      usable = users.all.count - unserved.count
      fact = "\(path) has a number for \(usable) users"
      if usable == 0 { problems.append("\(path) has no line user:number that can be used: nobody could pass") }
    case .file:
      let list = NumberList(lines: lines)
      for problem in list.problems { warn(problem.line, problem.advice) }
      usable = list.numbers.count { Self.isServed($0, site.plan) }
      fact = "\(path) has \(usable) numbers"
      if usable == 0 { problems.append("\(path) has no number that can be used: nobody could pass") }
    }
  }

  private static func isServed(_ number: PhoneNumber, _ plan: any NumberingPlan) -> Bool {
    if case .accepted = plan.read("+" + number.digits, isConfirmed: true) { return true }
    return false
  }

  private static let unservedAdvice = """
    has a number that no PIN is sent to: there is none like it, or its country is not in \
    \(SettingName.countries.rawValue)
    """
}
