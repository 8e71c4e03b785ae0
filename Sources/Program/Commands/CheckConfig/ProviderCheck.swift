internal import Curl
internal import Verification
internal import VonageV1

/// Checks whether Vonage can be reached the way visitors' requests reach it, knows the account, and has credit for it.
struct ProviderCheck {
  private(set) var problems: [(SettingName, String)] = []
  private(set) var warnings: [(SettingName, String)] = []
  private(set) var facts: [String] = []

  init(_ settings: Settings) {
    let url = settings.site.provider.url
    let client: Client
    do {
      client = try Client(settings.process.client)
    } catch {
      problems.append((.vonageAPIURL, "\(url) was not asked: \(error)"))
      return
    }
    let account = Self.account(settings.site.provider, client)
    let answers: (Result<Void, VerifierFailure>, Result<VonageAccount.Balance, VerifierFailure>) = Waiting.result {
      async let probe = Self.result { () async throws(VerifierFailure) in try await account.probe() }
      async let balance = Self.result { () async throws(VerifierFailure) in try await account.balance() }
      return (await probe, await balance)
    }
    client.close()
    switch answers.0 {
    case .failure(let failure): problems.append(Self.problem(failure, url, settings))
    case .success: facts.append("\(url) answers and knows the account")
    }
    // Whatever prevents an answer here prevents it for visitors, too.
    guard case .success = answers.0 else { return }
    switch answers.1 {
    case .success(let balance) where balance.euros <= 0 && !balance.reloads:
      problems.append((.vonageAPIKey, "the account's balance is used up: nothing is sent until money is added"))
    case .success(let balance): facts.append("the account's balance is \(Self.text(balance.euros)) EUR")
    case .failure(let failure) where failure.kind == .badCredentials:
      problems.append((.vonageAPISecret, Self.credentialsAdvice))
    case .failure(let failure):
      warnings.append(
        (.vonageAPIURL, "the account's balance could not be asked for: \(failure.kind.rawValue) (\(failure.detail))"))
    }
  }

  private static func account(_ provider: ProviderSettings, _ client: Client) -> VonageAccount {
    switch provider {
    case .vonageV1(let settings): VonageAccount(settings, client: client)
    }
  }

  private static let credentialsAdvice =
    "Vonage does not know this API key with this secret; copy both from https://dashboard.vonage.com/settings"

  private static func problem(
    _ failure: VerifierFailure, _ url: ServiceURL, _ settings: Settings
  ) -> (SettingName, String) {
    switch failure.kind {
    case .badCredentials: return (.vonageAPISecret, credentialsAdvice)
    case .accountBarred: return (.vonageAPIKey, "Vonage has barred this account; ask its support")
    case .quotaExceeded:
      return (.vonageAPIKey, "the account's balance is used up: nothing is sent until money is added")
    case .untrustedCertificate:
      return (
        .caFile,
        "the certificate of \(url) is not trusted; update the package ca-certificates, or name a file with its authority "
          + "(\(failure.detail))"
      )
    case .unreachable, .notReachedInTime, .connectionLost, .timedOut, .overloaded:
      let name = settings.process.client.proxy == nil || url.isLoopback ? SettingName.vonageAPIURL : .proxy
      return (
        name,
        "\(url) cannot be reached; look for a mistake in it, and whether a firewall lets this machine out "
          + "(\(failure.detail))"
      )
    default:
      return (.vonageAPIURL, "\(url) does not answer as Vonage's API: \(failure.kind.rawValue) (\(failure.detail))")
    }
  }

  private static func result<Value: Sendable>(
    _ body: () async throws(VerifierFailure) -> Value
  ) async -> Result<Value, VerifierFailure> {
    do throws(VerifierFailure) {
      return .success(try await body())
    } catch {
      return .failure(error)
    }
  }

  /// With two places, and without a locale's help.
  private static func text(_ euros: Double) -> String {
    let cents = Int((min(max(euros, -1e12), 1e12) * 100).rounded())
    let rest = abs(cents % 100)
    return "\(cents < 0 && cents > -100 ? "-" : "")\(cents / 100).\(rest < 10 ? "0" : "")\(rest)"
  }
}
