/// All rows, as a page and as a drawing.
public struct Report {
  private let rows: [ReportRow]

  public init(_ rows: [ReportRow]) {
    self.rows = rows
  }

  /// Of `docs/simulation.md`.
  public var markdown: String {
    var lines = [
      "# The simulation of the limits", "",
      "`make simulate` wrote this page. It runs the same engine and policy as a real site, over records in memory, for days of simulated time. Each row was run with",
      "three fixed seeds; its promises have to hold for each of them, and the worst result is shown. A row covers one week after a day without an attack; four weeks",
      "at two visitors an hour and up to 50 nets, where one of a week's visitors would be 0.3 %; and three days for 100,000 nets.",
      "",
      "Honest new visitors arrive at random; 30 % share five addresses, and 85 % verify after 20 to 180 seconds. 5 % of messages do not arrive: after a",
      "minute or two those visitors press \"Send again\", and one in five of them once more. The budget is 1,000 messages a day, or twice what the visitors need. A",
      "newsletter is 500 visitors within a minute; an outage is ten minutes a day in which the provider does not answer. Known visitors have a trusted browser",
      "or a proof, half each.", "",
      "Attackers know the rules, come on the second day, and enter no PIN. From each of their nets they ask as soon as a limit may admit one more message, or once a day for the messages of",
      "one attempt; they have messages sent again as long as that is admitted. A round of the challenge is passed by 98 % of people and 5 % of robots.",
      "",
      "Visitors who fail the challenge count as refused; those for whom a newsletter has used up the whole budget of the hour or the day do not. Shown separately are visitors who",
      "had a message and were refused another, and five visitors a day whose numbers are in a prefix that is being pumped.",
      "",
      "![Honest visitors who are refused](simulation.svg)", "",
      "| visitors an hour | attacker | attacker's messages a day | at most | on their best day | honest refused | at most | refused again | in the prefix | known refused | |",
      "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for row in rows {
      let scenario = row.scenario
      let isAttacked = scenario.attack != nil
      lines.append(
        "| \(scenario.rate) | \(scenario.name) | \(isAttacked ? ReportRow.text(row.messages) : "-") | "
          + "\(scenario.mostMessages.map(ReportRow.text) ?? (isAttacked ? "the budget" : "-")) | "
          + "\(isAttacked ? "\(row.mostMessages)" : "-") | \(ReportRow.text(row.refused)) % | "
          + "\(ReportRow.text(scenario.mostRefused)) % | \(ReportRow.text(row.refusedAgain)) % | "
          + "\(row.refusedOfPrefix.map { ReportRow.text($0) + " %" } ?? "-") | \(row.knownRefused) | "
          + "\(row.isKept ? "kept" : "**broken**") |")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// A bar for each row, and a line where it may not reach beyond.
  public var drawing: String {
    let (left, width, height) = (290, 400, 18)
    var parts = [
      "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 760 \(rows.count * height + 40)\" font-family=\"sans-serif\" font-size=\"11\">",
      "<title>Honest new visitors who are refused, in percent; the line is what may be</title>",
      "<text x=\"\(left)\" y=\"14\">honest new visitors refused, in percent (the line: at most)</text>",
    ]
    for (index, row) in rows.enumerated() {
      let top = 24 + index * height
      func position(_ percent: Double) -> Int { left + Int(percent * Double(width) / 50) }
      let length = max(1, position(row.refused) - left)
      parts.append(
        "<text x=\"\(left - 6)\" y=\"\(top + 11)\" text-anchor=\"end\">\(row.scenario.rate)/h, \(row.scenario.name)</text>"
          + "<rect x=\"\(left)\" y=\"\(top)\" width=\"\(length)\" height=\"12\" fill=\"\(row.isKept ? "#0057b8" : "#b00020")\"/>"
          + "<path d=\"M\(position(row.scenario.mostRefused)) \(top - 2)v16\" stroke=\"#333\" stroke-width=\"2\"/>"
          + "<text x=\"\(left + max(length, position(row.scenario.mostRefused) - left) + 6)\" y=\"\(top + 11)\">"
          + "\(ReportRow.text(row.refused))</text>")
    }
    return (parts + ["</svg>"]).joined(separator: "\n") + "\n"
  }
}
