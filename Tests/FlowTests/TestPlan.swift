import LibPhoneNumber
import Verification

extension NumberingPlan where Self == LibPhoneNumber {
  /// A site at home in the United States that serves nobody else.
  static var test: LibPhoneNumber { serving("US") }

  static func serving(_ countries: String...) -> LibPhoneNumber {
    try! LibPhoneNumber(ServedCountries(home: nil, allowed: countries.map { Country($0)! })!)
  }
}
