internal import Limits

/// How the budget is shared out, for a person at a terminal.
struct BudgetReport {
  let lines: [String]

  /// - Parameter day: how many messages a day has for all, and not only for trusted browsers.
  init(_ overview: BudgetOverview, _ desk: OwnersDesk, day: Int) {
    var lines = [
      "",
      "In the last 24 hours \(overview.toStrangers) messages went to nets that had verified nothing of late, and "
        + "\(overview.verified) numbers were verified.",
      "About \(overview.asking) such nets ask; there are \(overview.tokens) messages for them now, and "
        + "\(overview.chances) second chances.",
    ]
    if let time = overview.rationedFor {
      lines.append(
        "For \(CountTable.text(time)) more of them have asked than there are of the \(day) messages a day for all: "
          + (overview.challenge.map { "they are asked for \($0) \($0 == 1 ? "round" : "rounds") of the challenge." }
            ?? "\(overview.percentServed) % of them are served, by lot.")
          + " Trusted browsers, proofs, and nets that have verified something come first.")
    }
    lines += Self.nets(overview.nets, desk, "Most that nobody verified")
    for range in overview.ranges {
      let state =
        range.openFor.map { "open by your word for \(CountTable.text($0))" }
        ?? (range.isRationed ? "rationed" : "no longer rationed")
      lines.append(
        "\(desk.name(of: range)) (\(range.id.rawValue)): \(state), since \(CountTable.text(range.age)) ago; of \(range.sends) "
          + "messages in the last hour \(range.verified) were verified. Key \(range.key).")
      lines += Self.nets(range.nets, desk, "  From")
    }
    self.lines = lines
  }

  private static func nets(_ nets: [BudgetOverview.Net], _ desk: OwnersDesk, _ title: String) -> [String] {
    guard !nets.isEmpty else { return [] }
    return ["\(title): " + nets.map { "\(desk.name(of: $0)) \($0.unverified)" }.joined(separator: ", ")]
  }
}
