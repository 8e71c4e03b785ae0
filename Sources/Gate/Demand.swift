internal import Gateway
internal import Tokens
internal import Verification

/// What the owner of a folder demands of a proof, beside that it is one: in parameters of the web server's, which no client
/// can set. Behind Apache's internal redirect they have the prefix that it gives them.
struct Demand: Sendable, Hashable {
  /// What proofs have to be good for; empty for none in particular.
  let purpose: String
  /// How old the verification may be; nil for as old as the proof is good.
  let maxAge: Duration?

  /// - Returns: nil for what is no name and no number of seconds: then nobody may pass.
  init?(_ request: Request) {
    func value(_ name: String) -> String? {
      request.parameters[name] ?? request.parameters["REDIRECT_" + name]
    }
    let purpose = value("PINGATE_PURPOSE") ?? Self.purpose(inPathOf: request) ?? ""
    guard purpose.isEmpty || Proof.isPurpose(purpose) else { return nil }
    self.purpose = purpose
    guard let text = value("PINGATE_MAX_AGE") else {
      maxAge = nil
      return
    }
    guard text.utf8.count <= 9, let seconds = UInt32(text) else { return nil }
    maxAge = .seconds(Int64(seconds))
  }

  /// Of `/gate/NAME`: a CGI program gets no parameter of its owner's through suEXEC, but the path that its owner's rule has.
  private static func purpose(inPathOf request: Request) -> String? {
    guard let path = request.parameters["PATH_INFO"], path.hasPrefix(GatePath.localRedirect + "/") else { return nil }
    return String(path.dropFirst(GatePath.localRedirect.utf8.count + 1))
  }
}

/// The gate's own places below the base path.
enum GatePath {
  static let check = "/check"
  static let enter = "/enter"
  static let localRedirect = "/gate"
  static let keys = "/jwks.json"
}
