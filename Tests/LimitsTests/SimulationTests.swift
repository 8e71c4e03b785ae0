import LimitSimulation
import Testing

struct SimulationTests {
  @Test(arguments: Scenario.all.filter(\.isQuick))
  func `visitors and attackers get what is promised`(scenario: Scenario) throws {
    var shorter = scenario
    // Without a compiler's help an hour of an attack takes as long as a day: `make simulate` has all of it.
    shorter.days = scenario.newsletter ? 4 : 2
    if case .polling = shorter.attack?.pace { shorter.attack?.pace = .polling(.seconds(1200)) }
    var simulation = Simulation(shorter, seed: 3)
    let row = ReportRow(shorter, [try simulation.run()])
    let isKept = row.isKept
    #expect(isKept, "\(row.line)")
  }
}
