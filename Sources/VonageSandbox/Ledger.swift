/// All verifications that are running or ended lately, and what they sent.
struct Ledger: Sendable {
  /// The API knows a number once for each account.
  private struct Line: Hashable {
    let account: String
    let number: String
  }

  private(set) var outbox = Outbox()
  var statistics = Statistics()
  private var runs: [String: VerificationRun] = [:]
  private var active: [Line: String] = [:]
  private var agenda = Agenda()
  /// The ended ones, oldest first.
  private var ended: [String] = []
  private let report: @Sendable (OutboxMessage) -> Void

  /// - Parameter report: is told each message at the moment when it is sent.
  init(report: @escaping @Sendable (OutboxMessage) -> Void) {
    self.report = report
  }

  /// Whether it has room for one more.
  var isFull: Bool { active.count >= Self.mostRunning }

  func run(_ id: String, of account: String) -> VerificationRun? {
    runs[id].flatMap { $0.account == account ? $0 : nil }
  }

  func running(number: String, of account: String) -> String? {
    active[Line(account: account, number: number)]
  }

  /// Carries out everything that fell due up to this time, each thing at its own time.
  mutating func settle(at time: Duration) {
    while let next = agenda.first, next.due <= time {
      agenda.removeFirst()
      // Whatever happened to the request in between, its old entries say nothing any more.
      guard let run = runs[next.id], run.state == .inProgress, run.due == next.due else { continue }
      proceed(next.id, at: next.due)
    }
  }

  mutating func begin(_ order: StartOrder, account: String, at time: Duration) -> String {
    let id = PIN.requestID()
    runs[id] = VerificationRun(id: id, account: account, order: order, at: time)
    active[Line(account: account, number: order.number)] = id
    statistics.begun += 1
    statistics.running += 1
    proceed(id, at: time)
    return id
  }

  /// The next event of a running request, or its expiry.
  mutating func proceed(_ id: String, at time: Duration) {
    let message = runs[id]?.proceed(at: time)
    guard let run = runs[id] else { return }
    if let message {
      outbox.append(message)
      statistics.count(message)
      report(message)
      agenda.insert(Agenda.Entry(due: run.due, id: id))
      compactAgenda()
    } else {
      retire(run)
    }
  }

  mutating func check(_ code: String, of id: String, at time: Duration) -> VerificationRun.Verdict? {
    let verdict = runs[id]?.check(code, at: time)
    if let run = runs[id], run.state != .inProgress { retire(run) }
    if verdict == .right { statistics.verified += 1 }
    return verdict
  }

  mutating func finish(_ id: String, _ end: VerificationRun.State, at time: Duration) {
    runs[id]?.finish(end, at: time)
    if let run = runs[id] { retire(run) }
  }

  private mutating func retire(_ run: VerificationRun) {
    active[Line(account: run.account, number: run.order.number)] = nil
    statistics.running -= 1
    ended.append(run.id)
    guard ended.count >= 2 * Self.mostEnded else { return }
    for id in ended.prefix(Self.mostEnded) { runs[id] = nil }
    ended.removeFirst(Self.mostEnded)
  }

  /// Requests that end early leave entries behind; they must not pile up until they fall due.
  private mutating func compactAgenda() {
    guard agenda.count > 2 * active.count + 1_000 else { return }
    agenda = Agenda()
    for id in active.values {
      if let run = runs[id] { agenda.insert(Agenda.Entry(due: run.due, id: id)) }
    }
  }

  static let mostRunning = 200_000
  static let mostEnded = 10_000
}
