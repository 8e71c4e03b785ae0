public import Limits

/// What came of one scenario, over several seeds.
public struct ReportRow: Sendable {
  public let scenario: Scenario
  public let results: [Simulation.Result]

  public init(_ scenario: Scenario, _ results: [Simulation.Result]) {
    self.scenario = scenario
    self.results = results
  }

  /// The attacker's messages a day.
  public var messages: Double { results.map(\.messagesADay).reduce(0, +) / Double(results.count) }

  /// In percent, of the honest new visitors of all runs together.
  public var refused: Double {
    let asked = results.map(\.asked).reduce(0, +)
    return results.map { $0.refusedPercent(forgivingBudget: scenario.forgivesBudget) * Double($0.asked) }
      .reduce(0, +) / Double(max(1, asked))
  }

  public var knownRefused: Int { results.map { $0.knownRefused.values.reduce(0, +) }.reduce(0, +) }

  /// The reasons, the most frequent first.
  public var reasons: [(id: LimitID, count: Int)] {
    var reasons: [LimitID: Int] = [:]
    for result in results { reasons.merge(result.refused, uniquingKeysWith: +) }
    return reasons.sorted { ($0.value, $0.key.rawValue) > ($1.value, $1.key.rawValue) }.map { ($0.key, $0.value) }
  }

  public var isKept: Bool {
    messages <= scenario.mostMessages ?? .infinity && refused <= scenario.mostRefused && knownRefused == 0
  }

  public var line: String {
    let failed = results.map(\.failedChallenges).reduce(0, +)
    let reasons = reasons.map { "\($0.id.rawValue) \($0.count)" } + (failed > 0 ? ["challenge \(failed)"] : [])
    return """
      \(isKept ? "kept  " : "BROKEN") \(scenario.rate)/h \(scenario.name): attacker \(Self.text(messages)) a day\
      \(scenario.mostMessages.map { " (<= \(Self.text($0)))" } ?? ""), honest refused \(Self.text(refused)) % \
      (<= \(Self.text(scenario.mostRefused)) %) of \(results.map(\.asked).reduce(0, +)), \
      known \(knownRefused) of \(results.map(\.knownAsked).reduce(0, +)), \
      notices \(results.map(\.notices).reduce(0, +)) \(reasons.joined(separator: ", ")) \
      known refused \(results.map(\.knownRefused)) attack refused \(results[0].attackRefused)
      """
  }

  static func text(_ number: Double) -> String {
    let hundredths = Int((number * 100).rounded())
    return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
  }
}
