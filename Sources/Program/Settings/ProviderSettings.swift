internal import Curl
internal import Verification
internal import VonageV1

/// The checked settings of a site's provider and the account there.
enum ProviderSettings: Sendable {
  case vonageV1(VonageSettings)

  /// - Returns: nil, with a problem in the reader, if something is wrong.
  init?(_ reader: inout SettingsReader) {
    guard let vonage = Self.vonageV1(&reader) else { return nil }
    self = .vonageV1(vonage)
  }

  /// The URL of its API.
  var url: ServiceURL {
    switch self {
    case .vonageV1(let vonage): vonage.url
    }
  }

  /// How many messages and calls it makes for one that is counted, if no code is entered.
  var messagesOfARequest: Int {
    switch self {
    case .vonageV1(let vonage): vonage.messagesOfARequest
    }
  }

  /// - Parameter sleep: waits for a time.
  func verifier(client: Client, sleep: @escaping @Sendable (Duration) async -> Void) -> any Verifier {
    switch self {
    case .vonageV1(let vonage):
      VonageVerifier(vonage, client: client, backoff: VonageVerifier.shortBackoff(by: sleep))
    }
  }
}
