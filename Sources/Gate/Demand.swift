internal import Encoding
internal import Gateway
internal import Tokens
internal import Verification

/// What a folder demands of a proof, apart from being genuine.
///
/// It comes in the web server's parameters, which no client can set; behind Apache's internal redirect they have the prefix
/// `REDIRECT_`. Or it comes at the end of one of the gate's paths, `/gate/NAME/SECONDS`: suEXEC passes none of the owner's
/// parameters to a CGI program, but it does pass the path in the owner's rule. An empty value demands nothing.
struct Demand: Sendable, Hashable {
  /// The purpose that a proof must have; empty for proofs without one.
  let purpose: String
  /// How old the verification may be, in whole seconds; nil where the proof's own lifetime is the only limit.
  let maxAge: Duration?

  /// - Parameter path: what follows the gate's own path, without the slash; nil where nothing does, or where the path is not
  ///   what says that the gate is asked.
  /// - Throws: if a value is neither a name nor a number of seconds, or if a parameter and the path differ. Then nobody passes.
  init(_ request: Request, path: Substring? = nil) throws(GateTrouble) {
    let words = try Words(path)
    func value(_ name: String) -> String? {
      request.parameters[name] ?? request.parameters["REDIRECT_" + name]
    }
    purpose = try Self.only(value("PINGATE_PURPOSE"), words.purpose) ?? ""
    guard purpose.isEmpty || Proof.isPurpose(purpose) else { throw .purpose }
    let text = try Self.only(value("PINGATE_MAX_AGE"), words.maxAge)
    maxAge = try text.map { text throws(GateTrouble) in
      guard text.utf8.count <= 9, let seconds = UInt32(text) else { throw .maxAge }
      return .seconds(Int64(seconds))
    }
  }

  private static func only(_ one: String?, _ other: String?) throws(GateTrouble) -> String? {
    if let one, let other, one != other { throw .contradiction }
    return one ?? other
  }

  /// `NAME`, `SECONDS`, or `NAME/SECONDS`. They can be told apart because no name begins with a digit.
  private struct Words {
    var purpose: String?
    var maxAge: String?

    init(_ path: Substring?) throws(GateTrouble) {
      guard let path else { return }
      let words = path.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
      guard words.count <= 2, let first = words.first, !first.isEmpty, words.last?.isEmpty == false else { throw .path }
      guard first.utf8.first?.isDigit != true else {
        guard words.count == 1 else { throw .path }
        maxAge = first
        return
      }
      purpose = first
      if words.count == 2 { maxAge = words[1] }
    }
  }
}

/// A mistake in how the web server asks, which the owner should know about. Nobody passes while it is there, except with
/// `short`, which is only hard on visitors.
public enum GateTrouble: Error, Sendable, Hashable {
  /// `PINGATE_PURPOSE` is not a name (`Proof.isPurpose`).
  case purpose
  /// `PINGATE_PURPOSE` has more characters than this many, so its cookie would be too long.
  case longPurpose(Int)
  /// `PINGATE_MAX_AGE` is not a number of seconds.
  case maxAge
  /// What follows the gate's own path is neither a name nor a number of seconds.
  case path
  /// A parameter and the path make different demands.
  case contradiction
  /// `PINGATE_MAX_AGE`, in seconds, is so short that it may run out on a visitor's way from the form to the page.
  case short(Int64)

  /// Which mistake it is, without its numbers: there are only these few, whatever is asked.
  enum Kind: Sendable, Hashable {
    case purpose, longPurpose, maxAge, path, contradiction, short
  }

  var kind: Kind {
    switch self {
    case .purpose: .purpose
    case .longPurpose: .longPurpose
    case .maxAge: .maxAge
    case .path: .path
    case .contradiction: .contradiction
    case .short: .short
    }
  }
}

/// The gate's own paths below the base path.
enum GatePath {
  static let check = "/check"
  static let enter = "/enter"
  static let localRedirect = "/gate"
  static let keys = "/jwks.json"

  /// What follows one of these in a path, without the slash.
  ///
  /// - Returns: nil where the path is a different one; `.some(nil)` where nothing follows.
  static func rest(of path: String, behind place: String) -> Substring?? {
    guard path.hasPrefix(place) else { return nil }
    let rest = path.dropFirst(place.count)
    if rest.isEmpty { return .some(nil) }
    return rest.first == "/" ? .some(rest.dropFirst()) : nil
  }
}
