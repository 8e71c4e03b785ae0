/// The key and the secret of a Vonage account.
public struct SandboxCredentials: Sendable, Hashable {
  public let key: String
  public let secret: String

  public init(key: String, secret: String) {
    self.key = key
    self.secret = secret
  }
}
