internal import Limits

/// The counts of a subject as a table for a person at a terminal:
///
///     limit             used  of  in any  admits
///     number.hour          5   5  1 h     in 12 min 5 s
///     number.day           5  10  1 d     now
struct CountTable {
  let lines: [String]

  /// - Parameter counts: those of the subject's rules and then of its rations, in their order.
  init(_ subject: LimitsSubject, _ counts: [Count]) {
    let windows = subject.rules.map { Optional($0.limit.window) } + subject.rations.map { .some($0.limit.window) }
    let keys = subject.rules.map(\.key) + subject.rations.map(\.key)
    var rows = [["limit", "used", "of", "in any", "admits", "key"]]
    for (count, (window, key)) in zip(counts, zip(windows, keys)) {
      rows.append([
        count.id.rawValue, "\(count.count)", count.limit.map { "\($0)" } ?? "-",
        window.flatMap { $0 }.map(Self.text) ?? "-", Self.admits(count), "\(key)",
      ])
    }
    guard rows.count > 1 else {
      lines = ["All its limits are off."]
      return
    }
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    lines = rows.map { row in
      let cells = row.enumerated().map { column, text in
        let blanks = String(repeating: " ", count: widths[column] - text.count)
        return column == 1 || column == 2 ? blanks + text : text + blanks
      }
      let line = cells.joined(separator: "  ")
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }

  private static func admits(_ count: Count) -> String {
    guard let wait = count.wait else { return "when cleared" }
    return wait == .zero ? "now" : "in " + text(wait)
  }

  /// "2 d", "1 h 5 min", "59 s": the two greatest units, rounded up to the second.
  static func text(_ duration: Duration) -> String {
    let (whole, part) = duration.components
    var rest = whole + (part > 0 ? 1 : 0)
    var words: [String] = []
    for (unit, seconds) in [("d", Int64(86_400)), ("h", 3_600), ("min", 60), ("s", 1)] where words.count < 2 {
      if rest >= seconds { words.append("\(rest / seconds) \(unit)") }
      rest %= seconds
    }
    return words.isEmpty ? "0 s" : words.joined(separator: " ")
  }
}
