internal import Encoding

/// The checks of single parameters, each refused in Vonage's words.
enum ParameterRules {
  /// - Parameter names: what the call knows besides the credentials.
  static func admitOnly(_ names: Set<String>, in parameters: CallParameters) throws(Refusal) {
    let unknown = parameters.names.subtracting(names).subtracting(["api_key", "api_secret"])
    if let first = unknown.min() { throw .unknown(first) }
  }

  /// A whole number in plain decimal digits, as the specification's `integer` in a form is.
  static func integer(
    _ name: String, in parameters: CallParameters, range: ClosedRange<Int>
  ) throws(Refusal) -> Int? {
    guard let text = try parameters.optional(name) else { return nil }
    guard let number = Int(text), String(number) == text, range.contains(number) else {
      throw name == "code_length" ? wrongCodeLength : .invalid(name)
    }
    return number
  }

  /// A text of allowed bytes.
  static func text(
    _ name: String, in parameters: CallParameters, length: ClosedRange<Int>, allowed: (UInt8) -> Bool
  ) throws(Refusal) -> String? {
    guard let text = try parameters.optional(name) else { return nil }
    guard text.utf8.count <= length.upperBound else { throw .tooLong(name) }
    guard text.utf8.count >= length.lowerBound, text.utf8.allSatisfy(allowed) else { throw .invalid(name) }
    return text
  }

  /// "An 18-character alphanumeric string"; the specification's own example has a blank in it. Letters of every script
  /// are taken.
  static func brand(in parameters: CallParameters) throws(Refusal) -> String {
    let brand = try parameters.optional("brand") ?? ""
    guard brand.unicodeScalars.count <= 18 else { throw .tooLong("brand") }
    let isAlphanumeric = brand.allSatisfy { $0.isLetter || $0.isNumber || $0 == " " }
    guard isAlphanumeric, brand.contains(where: { $0 != " " }) else { throw .invalid("brand") }
    return brand
  }

  /// The specification's example is "AKFG-3424".
  static func isOfPinCode(_ byte: UInt8) -> Bool { byte.isLetterOrDigit || byte == UInt8(ascii: "-") }

  static let wrongCodeLength = Refusal.invalid("code_length", ". The allowed values are 4 and 6.")
}
