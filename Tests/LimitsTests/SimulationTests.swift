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
}
