/// One parser of foreign bytes, and what holds for it whatever they are.
///
/// A target is run on millions of inputs that libFuzzer makes (`make fuzz`), and on its seeds, cut and with bits flipped, in
/// the usual tests.
package struct FuzzTarget: Sendable {
  /// The name of the folder with its seeds, too.
  package let name: String
  /// - Throws: `Broken` when something does not hold.
  package let check: @Sendable ([UInt8]) throws -> Void

  package static let all: [FuzzTarget] = [
    .acceptedLanguages, .acceptedTypes, .browserOrigin, .cookies, .fastCGIRecords, .fastCGIRequest, .forwardedAddress,
    .jsonForm, .multipartForm,
    .proof, .providerAnswer, .providerField, .returnTarget, .settingsFile, .storeRecord, .token, .typedCode,
    .typedNumber, .urlEncodedForm,
  ]

  struct Broken: Error, CustomStringConvertible {
    let description: String
  }
}

/// - Throws: `FuzzTarget.Broken` unless the condition holds.
func require(_ condition: Bool, _ what: @autoclosure () -> String) throws {
  if !condition { throw FuzzTarget.Broken(description: what()) }
}

/// - Throws: `FuzzTarget.Broken` when there is no value.
func require<Value>(_ value: Value?, _ what: @autoclosure () -> String) throws -> Value {
  guard let value else { throw FuzzTarget.Broken(description: what()) }
  return value
}

extension [UInt8] {
  /// As parameters come: whatever they are, they are text.
  var text: String { String(decoding: self, as: UTF8.self) }

  /// The texts between the line feeds.
  var lines: [String] { split(separator: 0x0A, omittingEmptySubsequences: false).map { Array($0).text } }
}
