internal import Limits

/// What came of one scenario, over several seeds. What is promised has to hold for each of them, and so the worst is told.
public struct ReportRow: Sendable {
  public let scenario: Scenario
  public let results: [Simulation.Result]

  public init(_ scenario: Scenario, _ results: [Simulation.Result]) {
    self.scenario = scenario
    self.results = results
  }

  /// The attacker's messages a day.
  public var messages: Double { results.map(\.messagesADay).max() ?? 0 }

  /// The attacker's on his best day.
  public var mostMessages: Int { results.flatMap(\.messages).max() ?? 0 }

  /// In percent, of the honest new visitors.
  public var refused: Double {
    results.map { $0.refusedPercent(forgivingBudget: scenario.forgivesBudget) }.max() ?? 0
  }

  public var knownRefused: Int { sum { $0.knownRefused.values.reduce(0, +) } }

  /// Of those who asked for another message because theirs had not come, in percent.
  public var refusedAgain: Double {
    100 * Double(sum { $0.refusedAgain.values.reduce(0, +) }) / Double(max(1, sum(\.askedAgain)))
  }

  /// Of those whose numbers are of a pumped prefix, in percent; nil where none is.
  public var refusedOfPrefix: Double? {
    guard scenario.attack?.onePrefix == true else { return nil }
    return 100 * Double(sum { $0.ofPrefixRefused.values.reduce(0, +) }) / Double(max(1, sum(\.ofPrefixAsked)))
  }

  public var isKept: Bool {
    Double(mostMessages) <= scenario.mostMessages ?? .infinity && refused <= scenario.mostRefused && knownRefused == 0
      && refusedAgain <= scenario.mostRefusedAgain
      && results.allSatisfy { $0.sent.allSatisfy { $0 <= scenario.budget } }
  }

  public var line: String {
    """
    \(isKept ? "kept  " : "BROKEN") \(scenario.rate)/h \(scenario.name): attacker \(Self.text(messages)) a day\
    \(scenario.mostMessages.map { " (<= \(Self.text($0)))" } ?? ""), most \(mostMessages), \
    sent again \(sum(\.resentMessages)); honest refused \(results.map { Self.text($0.refusedPercent(forgivingBudget: scenario.forgivesBudget)) }) % \
    (<= \(Self.text(scenario.mostRefused)) %) of \(results.map(\.asked)) \(Self.text(reasons(\.refused))), \
    challenge \(sum(\.failedChallenges)); again \(Self.text(refusedAgain)) % of \(sum(\.askedAgain)) \
    \(Self.text(reasons(\.refusedAgain))); of the prefix \(refusedOfPrefix.map(Self.text) ?? "-") % of \
    \(sum(\.ofPrefixAsked)) \(Self.text(reasons(\.ofPrefixRefused))); known \(knownRefused) of \(sum(\.knownAsked)) \
    \(Self.text(reasons(\.knownRefused))); sent \(results.flatMap(\.sent).max() ?? 0) of \(scenario.budget), \
    notices \(sum(\.notices)), attacker refused \(Self.text(reasons(\.attackRefused)))
    """
  }

  private func sum(_ count: (Simulation.Result) -> Int) -> Int { results.map(count).reduce(0, +) }

  /// The most frequent first.
  private func reasons(_ counts: (Simulation.Result) -> [LimitID: Int]) -> [(id: LimitID, count: Int)] {
    var reasons: [LimitID: Int] = [:]
    for result in results { reasons.merge(counts(result), uniquingKeysWith: +) }
    return reasons.sorted { ($0.value, $0.key.rawValue) > ($1.value, $1.key.rawValue) }.map { ($0.key, $0.value) }
  }

  private static func text(_ reasons: [(id: LimitID, count: Int)]) -> String {
    "[" + reasons.map { "\($0.id.rawValue) \($0.count)" }.joined(separator: ", ") + "]"
  }

  static func text(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
