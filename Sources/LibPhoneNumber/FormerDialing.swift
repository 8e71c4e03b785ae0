/// What people in a country used to dial before a number. The numbering plan no longer knows these digits, but address
/// books still contain them.
struct FormerDialing {
  let country: String
  let callingCode: String
  /// Where one prefix begins with another, the longer one comes first.
  let prefixes: [String]

  static let all = [
    // Until August 2019: 01 before a number in another town, 044 and 045 before a mobile number, and 1 before a mobile
    // number from abroad ("+52 1 55 1234 5678", as messaging apps still write it).
    FormerDialing(country: "MX", callingCode: "52", prefixes: ["044", "045", "01", "02", "1"]),
    // The Soviet Union's trunk prefix.
    FormerDialing(country: "UZ", callingCode: "998", prefixes: ["8"]),
  ]

  /// The digits without such a prefix; nil if they have none.
  ///
  /// - Parameters:
  ///   - dialed: ASCII digits, optionally with a leading `+`.
  ///   - country: where they are dialed; nil if unknown.
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
