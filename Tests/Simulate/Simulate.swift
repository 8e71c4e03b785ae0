internal import Glibc
internal import LimitSimulation

/// Runs the simulation, every row with three seeds, and says what is not as promised.
@main
enum Simulate {
  static func main() throws {
    let wanted = CommandLine.arguments.dropFirst().first { !$0.hasPrefix("-") }
    let isQuick = CommandLine.arguments.contains("--quick")
    let seeds: UInt64 = CommandLine.arguments.contains("--once") ? 1 : 3
    var rows: [ReportRow] = []
    for scenario in Scenario.all {
      let line = "\(scenario.name) \(scenario.rate)/h"
      guard wanted.map({ line.contains($0) }) ?? true, !isQuick || scenario.isQuick else { continue }
      let row = ReportRow(
        scenario,
        try (1...seeds as ClosedRange<UInt64>).map { seed in
          var simulation = Simulation(scenario, seed: seed)
          return try simulation.run()
        })
      print(row.line)
      fflush(nil)
      rows.append(row)
    }
    exit(rows.allSatisfy(\.isKept) ? 0 : 1)
  }
}
