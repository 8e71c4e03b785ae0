internal import FoundationEssentials

/// Who calls: the account's key, once key and secret were found right.
enum Account {
  /// Reads the credentials from a Basic header (RFC 7617), and where there is none from the parameters.
  ///
  /// - Parameter accepted: the one right pair, or nil when every non-empty one is.
  /// - Returns: the key.
  static func key(
    authorization: String?, parameters: CallParameters, accepted: SandboxCredentials?
  ) throws(Refusal) -> String {
    let (key, secret): (String, String)
    if let basic = try basic(authorization) {
      (key, secret) = basic
    } else {
      key = try text("api_key", parameters)
      secret = try text("api_secret", parameters)
    }
    guard !key.isEmpty else { throw .missingCredential("api_key") }
    guard !secret.isEmpty else { throw .missingCredential("api_secret") }
    guard key.utf8.count <= longest, secret.utf8.count <= longest else { throw .badCredentials }
    if let accepted, accepted != SandboxCredentials(key: key, secret: secret) { throw .badCredentials }
    return key
  }

  private static func basic(_ authorization: String?) throws(Refusal) -> (String, String)? {
    guard let authorization, authorization.lowercased().hasPrefix("basic ") else { return nil }
    let encoded = authorization.dropFirst("basic ".count).filter { $0 != " " }
    guard let data = Data(base64Encoded: encoded), let pair = String(validating: data, as: UTF8.self),
      let colon = pair.firstIndex(of: ":")
    else { throw .badCredentials }
    return (String(pair[..<colon]), String(pair[pair.index(after: colon)...]))
  }

  private static func text(_ name: String, _ parameters: CallParameters) throws(Refusal) -> String {
    guard parameters.has(name) else { throw .missingCredential(name) }
    return try parameters.optional(name) ?? ""
  }

  /// Keys are kept with each request.
  private static let longest = 256
}
