internal import Foundation
internal import LimitSimulation

/// Runs the simulation, every row with three seeds or so many, and says what is not as promised.
///
///     simulate [NAME] [--quick] [--seeds COUNT] [--write FOLDER]
@main
enum Simulate {
  static func main() throws {
    var words = Array(CommandLine.arguments.dropFirst())
    var folder: String?
    if let index = words.firstIndex(of: "--write"), index + 1 < words.count {
      folder = words[index + 1]
      words.removeSubrange(index...index + 1)
    }
    var seeds: UInt64 = 3
    if let index = words.firstIndex(of: "--seeds"), index + 1 < words.count, let count = UInt64(words[index + 1]) {
      seeds = max(1, count)
      words.removeSubrange(index...index + 1)
    }
    let isQuick = words.contains("--quick")
    let wanted = words.first { !$0.hasPrefix("-") }
    var rows: [ReportRow] = []
    for scenario in Scenario.all {
      let line = "\(scenario.name) \(scenario.rate)/h"
      guard wanted.map({ line.contains($0) }) ?? true, !isQuick || scenario.isQuick else { continue }
      let row = ReportRow(
        scenario,
        try (1...seeds).map { seed in
          var simulation = Simulation(scenario, seed: seed)
          return try simulation.run()
        })
      FileHandle.standardOutput.write(Data((row.line + "\n").utf8))
      rows.append(row)
    }
    if let folder {
      let report = Report(rows)
      try report.markdown.write(toFile: folder + "/simulation.md", atomically: true, encoding: .utf8)
      try report.drawing.write(toFile: folder + "/simulation.svg", atomically: true, encoding: .utf8)
    }
    exit(rows.allSatisfy(\.isKept) ? 0 : 1)
  }
}
