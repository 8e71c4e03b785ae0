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
      "`make simulate` wrote this: the engine and the policy that decide on a site, over records in memory, in days of the limiter's time. Each row ran with",
      "three fixed seeds; what is promised has to hold for each of them, and the worst is told. A row is a week after one day without an attack, and four weeks",
      "at two visitors an hour and up to 50 nets, where one of a week's visitors would be 0.3 %; of 100,000 nets it is three days.",
      "",
      "Honest new visitors come at random; 30 in a hundred share five addresses, 85 verify after 20 to 180 seconds. Of a hundred messages five do not come: after a",
      "minute or two those visitors press \"Send again\", and one in five of them once more. The budget is 1,000 messages a day, or twice what the visitors need. A",
      "newsletter is 500 visitors within a minute; an outage ten minutes of each day in which the provider does not answer. Known are visitors in trusted",
      "browsers and with a proof, half each.", "",
      "Attackers know the rules, come on the second day, and enter no PIN. From each of their nets they ask as soon as a limit may admit one more, or for the messages of one attempt a",
      "day; what was sent they have sent again for as long as that passes. A round of the challenge passes 98 of a hundred people and 5 of a hundred robots.",
      "",
      "Refused are also those who fail the challenge; not those for whom the hour's or the day's whole budget is used up by a newsletter. Told apart are visitors who",
      "had a message and were refused another, and five visitors a day whose numbers are in a prefix that somebody pumps.",
      "",
      "![Honest visitors who are refused](simulation.svg)", "",
      "| visitors an hour | attacker | his messages a day | at most | on his best day | honest refused | at most | refused again | in the prefix | known refused | |",
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
