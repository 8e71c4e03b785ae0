/// What a country had people dial before the number until it did away with it: the numbering plan forgets such digits, and
/// address books do not.
struct FormerDialing {
  let country: String
  let callingCode: String
  /// The longest of those that begin alike stands first.
  let prefixes: [String]

  static let all = [
    // Until August 2019: 01 before a number of another town, 044 and 045 before a mobile one, and from abroad 1 before
    // that ("+52 1 55 1234 5678", as messengers still write it).
    FormerDialing(country: "MX", callingCode: "52", prefixes: ["044", "045", "01", "02", "1"]),
    // The trunk prefix of the Soviet Union.
    FormerDialing(country: "UZ", callingCode: "998", prefixes: ["8"]),
  ]

  /// The digits without what is no longer dialed; nil when nothing of it is there.
  ///
  /// - Parameters:
  ///   - dialed: ASCII digits, with a leading `+` or not.
  ///   - country: where they are dialed; nil stands for nowhere.
  static func dropped(from dialed: String, in country: String?) -> String? {
    for former in all {
      let start = dialed.hasPrefix("+") ? "+" + former.callingCode : ""
      guard dialed.hasPrefix("+") || former.country == country, dialed.hasPrefix(start) else { continue }
      let rest = dialed.dropFirst(start.utf8.count)
      guard let prefix = former.prefixes.first(where: { rest.hasPrefix($0) }) else { continue }
      return start + rest.dropFirst(prefix.utf8.count)
    }
    return nil
  }
}
