import LibPhoneNumber
import Testing
import Verification

/// The plan of a site at home in `home` that serves `allowed`, or only home.
func plan(_ home: String, _ allowed: String...) throws -> any NumberingPlan {
  let served = allowed.compactMap { Country($0) }
  return try LibPhoneNumber(#require(ServedCountries(home: Country(home), allowed: served)))
}

/// What a reading comes to in a word or two: "12025550143 US mobile", or the refusal's case.
func summary(_ reading: NumberReading) -> String {
  switch reading {
  case .refused(let refusal, _): "\(refusal)"
  case .unclear(let found): found.map { summary(.accepted($0)) }.joined(separator: " or ") + "?"
  case .accepted(let found): "\(found.number.digits) \(found.country) \(found.line)"
  }
}
