public import Curl
internal import Encoding
public import Verification

/// What Vonage says about an account, for an owner who checks the settings: nothing is sent, and it costs nothing.
public struct VonageAccount: Sendable {
  /// The account's remaining balance.
  public struct Balance: Sendable, Hashable {
    /// In euros.
    public let euros: Double
    /// Whether Vonage tops it up automatically.
    public let reloads: Bool
  }

  private let settings: VonageSettings
  private let client: Client

  public init(_ settings: VonageSettings, client: Client) {
    self.settings = settings
    self.client = client
  }

  /// Asks the API that visitors' requests go to, over the same connection and with the same credentials, about a
  /// request that does not exist (`verify/search`).
  ///
  /// - Throws: what a visitor's request would run into: the API cannot be reached, its certificate is not trusted, or
  ///   it does not know the account.
  public func probe() async throws(VerifierFailure) {
    var form = FormBody()
    form.append("request_id", Hexadecimal.text([UInt8].random128()))
    let url = settings.url.appending("verify", "search", "json")
    let answer = try VonageAnswer(try await ask(Request(.post(form), url, credentials: settings.credentials)))
    try answer.status.searchOutcome()
  }

  /// Asks for the balance (Account API, `GET /account/get-balance`). Vonage's own API has a different host for that.
  ///
  /// - Throws: also if the API lacks this endpoint, as a custom gateway may.
  public func balance() async throws(VerifierFailure) -> Balance {
    let answer = try await ask(Request(.get, balanceURL, credentials: settings.credentials, isRepeatable: true))
    guard answer.status == 200 else {
      let status = "HTTP \(answer.status)"
      throw VerifierFailure(
        answer.status == 401 ? .badCredentials : .httpError, code: VonageStatus.code(status), detail: status)
    }
    guard let members = try? JSONReader.members(["value"], of: answer.body), case .number(let text) = members["value"],
      let euros = Double(text), euros.isFinite
    else { throw VerifierFailure(.malformedAnswer, detail: "no JSON object with a balance") }
    let reloads = String(decoding: answer.body, as: UTF8.self).contains(/"autoReload"\s*:\s*true/)
    return Balance(euros: euros, reloads: reloads)
  }

  var balanceURL: ServiceURL {
    let host = settings.url.text.dropFirst("https://".count).prefix { $0 != "/" && $0 != ":" }
    let isVonage = host.hasSuffix(".nexmo.com") || host.hasSuffix(".vonage.com")
    // A constant that is a valid URL.
    let url = isVonage ? (try? ServiceURL("https://rest.nexmo.com")) ?? settings.url : settings.url
    return url.appending("account", "get-balance")
  }

  private func ask(_ request: Request) async throws(VerifierFailure) -> Answer {
    do {
      return try await client.send(request)
    } catch {
      throw VerifierFailure(error)
    }
  }
}
