import Foundation
import LimitSimulation
import Testing

struct SimulationTests {
  /// With three seeds where so few visitors come that it takes no time, as `make simulate` has all rows.
  @Test(arguments: Scenario.all.filter(\.isQuick))
  func `visitors and attackers get what is promised`(scenario: Scenario) throws {
    var shorter = scenario
    // Without a compiler's help an attack takes long.
    if scenario.attack != nil { shorter.days = 2 }
    if case .polling = shorter.attack?.pace { shorter.attack?.pace = .polling(.seconds(300)) }
    let seeds: ClosedRange<UInt64> = scenario.rate < 10 ? 1...3 : 3...3
    let results = try seeds.map { seed in
      var simulation = Simulation(shorter, seed: seed)
      return try simulation.run()
    }
    let row = ReportRow(shorter, results)
    let isKept = row.isKept
    #expect(isKept, "\(row.line)")
  }

  @Test func `the page about it is one that this simulation wrote`() throws {
    let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let page = try String(contentsOf: folder.appending(path: "docs/simulation.md"), encoding: .utf8)
    let text = Report([]).markdown
    #expect(page.hasPrefix(text))
    let rows = page.dropFirst(text.count).split(separator: "\n")
    #expect(rows.count == Scenario.all.count)
    for (row, scenario) in zip(rows, Scenario.all) {
      #expect(row.hasPrefix("| \(scenario.rate) | \(scenario.name) | ") && row.hasSuffix(" | kept |"))
    }
  }
}
