internal import Curl
internal import Verification
internal import VonageV1

/// Who sends a site's codes, and the account there, checked.
enum ProviderSettings: Sendable {
  case vonageV1(VonageSettings)

  /// - Returns: nil with a problem in the reader when something is wrong.
  init?(_ reader: inout SettingsReader) {
    guard let vonage = Self.vonageV1(&reader) else { return nil }
    self = .vonageV1(vonage)
  }

  /// Where it is asked.
  var url: ServiceURL {
    switch self {
    case .vonageV1(let vonage): vonage.url
    }
  }

  /// How many messages and calls it makes of one that is charged, when no code is entered.
  var messagesOfARequest: Int {
    switch self {
    case .vonageV1(let vonage): vonage.messagesOfARequest
    }
  }

  /// - Parameter sleep: waits for so long.
  func verifier(client: Client, sleep: @escaping @Sendable (Duration) async -> Void) -> any Verifier {
    switch self {
    case .vonageV1(let vonage):
      VonageVerifier(vonage, client: client, pause: VonageVerifier.shortPause(by: sleep))
    }
  }
}
