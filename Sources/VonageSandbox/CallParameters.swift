internal import FoundationEssentials
internal import Gateway
internal import HTTPTypes

/// The parameters of one call: those of the query and those of the body, a form or a JSON object, together.
struct CallParameters: Sendable {
  /// What was sent is not a set of parameters at all.
  enum Malformation: Error {
    case illFormed, tooLarge, lengthMissing
  }

  private var values: [String: [String]] = [:]
  /// Parameters that came as a JSON value which is neither text nor a whole number.
  private var illTyped: Set<String> = []

  init(_ request: Request) throws(Malformation) {
    try addPairs(Array((request.parameters["QUERY_STRING"] ?? "").utf8))
    guard request.method == .post else { return }
    let body = try Self.bytes(of: request.body)
    let type = (request.header(.contentType) ?? "").lowercased().prefix { $0 != ";" && $0 != " " }
    switch type {
    case "application/x-www-form-urlencoded": try addPairs(body)
    case "application/json": try addObject(body)
    // Any other body holds no parameters: the call misses its mandatory ones.
    default: break
    }
  }

  /// The names of all parameters.
  var names: Set<String> { illTyped.union(values.keys) }

  /// All values of a parameter that may come more than once.
  func all(_ name: String) throws(Refusal) -> [String] {
    guard !illTyped.contains(name) else { throw .invalid(name) }
    return values[name] ?? []
  }

  /// The only value of a parameter; nil when it is absent.
  func optional(_ name: String) throws(Refusal) -> String? {
    let all = try all(name)
    guard all.count <= 1 else { throw .invalid(name) }
    return all.first
  }

  /// Whether a mandatory parameter is there; an empty one counts as missing.
  func has(_ name: String) -> Bool {
    illTyped.contains(name) || values[name]?.contains { !$0.isEmpty } == true
  }

  private static func bytes(of body: Body) throws(Malformation) -> [UInt8] {
    switch body {
    case .bytes(let bytes):
      guard bytes.count <= longestBody else { throw .tooLarge }
      return bytes
    case .tooLarge: throw .tooLarge
    case .lengthMissing: throw .lengthMissing
    case .lengthWrong: throw .illFormed
    }
  }

  private mutating func addPairs(_ text: [UInt8]) throws(Malformation) {
    guard text.count <= Self.longestBody else { throw .tooLarge }
    for pair in text.split(separator: UInt8(ascii: "&")) {
      let equals = pair.firstIndex(of: UInt8(ascii: "=")) ?? pair.endIndex
      let name = try Self.decode(pair[..<equals])
      let value = try equals < pair.endIndex ? Self.decode(pair[pair.index(after: equals)...]) : ""
      values[name, default: []].append(value)
    }
  }

  private static func decode(_ text: ArraySlice<UInt8>) throws(Malformation) -> String {
    guard let decoded = try? FormText.decode(text) else { throw .illFormed }
    return decoded
  }

  private mutating func addObject(_ body: [UInt8]) throws(Malformation) {
    // Whatever the decoder finds wrong, the answer is the same.
    guard let object = try? JSONDecoder().decode([String: JSONParameter].self, from: Data(body))
    else { throw .illFormed }
    for (name, value) in object {
      switch value {
      case .values(let texts): values[name, default: []] += texts
      case .illTyped: illTyped.insert(name)
      }
    }
  }

  static let longestBody = 64 * 1024
}
