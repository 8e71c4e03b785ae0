internal import Encoding
internal import Gateway
internal import Tokens
internal import Verification

/// What the owner of a folder demands of a proof, beside that it is one.
///
/// It comes in parameters of the web server's, which no client can set; behind Apache's internal redirect they have the
/// prefix that it gives them. Or it stands behind a place of the gate's in its path, `/gate/NAME/SECONDS`: suEXEC hands a
/// CGI program no parameter of its owner's, but the path that its owner's rule has. What is empty demands nothing.
struct Demand: Sendable, Hashable {
  /// What proofs have to be good for; empty for none in particular.
  let purpose: String
  /// How old the verification may be; nil for as old as the proof is good.
  let maxAge: Duration?

  /// - Parameter path: what stands behind the gate's place, without its slash; nil where the path does not say what is asked.
  /// - Throws: for what is no name and no number of seconds, and for two that differ: then nobody may pass.
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

  /// `NAME`, `SECONDS` or `NAME/SECONDS`: no name begins with a digit.
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

/// What an owner should know of how a web server asks. Nobody passes for it, but for `short`, which only is hard on visitors.
public enum GateTrouble: Error, Sendable, Hashable {
  /// `PINGATE_PURPOSE` is no name.
  case purpose
  /// `PINGATE_PURPOSE` has more characters than these.
  case longPurpose(Int)
  /// `PINGATE_MAX_AGE` is no number of seconds.
  case maxAge
  /// What stands behind the gate's place in the path is neither.
  case path
  /// A parameter and the path demand something different.
  case contradiction
  /// `PINGATE_MAX_AGE` is so short that it is over while a visitor goes from the form to the page: in seconds.
  case short(Int64)

  /// What it is about, without how much: there are these few, whatever is asked.
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

/// The gate's own places below the base path.
enum GatePath {
  static let check = "/check"
  static let enter = "/enter"
  static let localRedirect = "/gate"
  static let keys = "/jwks.json"

  /// What stands behind a place in a path, without the slash; nil where the path is another place's.
  static func rest(of path: String, behind place: String) -> Substring?? {
    guard path.hasPrefix(place) else { return nil }
    let rest = path.dropFirst(place.count)
    if rest.isEmpty { return .some(nil) }
    return rest.first == "/" ? .some(rest.dropFirst()) : nil
  }
}
