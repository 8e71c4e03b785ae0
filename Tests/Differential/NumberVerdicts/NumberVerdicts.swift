import LibPhoneNumber
import Verification

/// Reads numbers from standard input and writes PinGate's verdicts to standard output, a line each, for
/// `test_numbers.py` to compare.
///
/// In: the home country, the countries served with commas between, and the UTF-8 of what was typed in hexadecimal, with
/// tabs between. Out: "accepted", E.164 digits, country, line and the written form; "unclear" and the same for each number that
/// could be meant; or the refusal's code and whose number it is.
///
/// With `--excerpts` every two are read as in a process of their own that uses excerpts of the numbering plan.
/// With `--regions` each line ends with how many regions of the plan the library has been given.
@main
enum NumberVerdicts {
  static func main() throws {
    let usesExcerpts = CommandLine.arguments.contains("--excerpts")
    let tellsRegions = CommandLine.arguments.contains("--regions")
    var plans: [Substring: LibPhoneNumber] = [:]
    var count = 0
    while let line = readLine() {
      let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
      let key = line[..<fields[1].endIndex]
      let plan = try plans[key] ?? plan(home: fields[0], allowed: fields[1])
      plans[key] = plan
      if usesExcerpts && count.isMultiple(of: 2) { LibPhoneNumber.useExcerpts() }
      count += 1
      let verdict = verdict(plan.read(typed(fields[2])), plan)
      print(tellsRegions ? "\(verdict)\t\(LibPhoneNumber.countOfLoadedRegions)" : verdict)
    }
  }

  private static func plan(home: Substring, allowed: Substring) throws -> LibPhoneNumber {
    let allowed = allowed.split(separator: ",").compactMap { Country(String($0)) }
    guard let countries = ServedCountries(home: Country(String(home)), allowed: allowed) else {
      fatalError("no country in the input")
    }
    return try LibPhoneNumber(countries)
  }

  private static func typed(_ hex: Substring) -> String {
    var bytes: [UInt8] = []
    var rest = hex
    while !rest.isEmpty {
      guard let byte = UInt8(rest.prefix(2), radix: 16) else { fatalError("not hexadecimal: \(rest)") }
      bytes.append(byte)
      rest = rest.dropFirst(2)
    }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static func verdict(_ reading: NumberReading, _ plan: LibPhoneNumber) -> String {
    switch reading {
    case .refused(let refusal, let owner): [refusal.code, owner?.code].compactMap(\.self).joined(separator: "\t")
    case .accepted(let destination): "accepted\t" + text(destination, plan)
    case .unclear(let found): (["unclear"] + found.map { text($0, plan) }).joined(separator: "\t")
    }
  }

  private static func text(_ destination: Destination, _ plan: LibPhoneNumber) -> String {
    [
      destination.number.digits, destination.country.code, destination.line.rawValue, plan.written(destination.number),
    ].joined(separator: "\t")
  }
}
