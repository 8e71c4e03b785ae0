internal import Crypto
internal import Curl

/// Where the owner wants to be told about limits, besides the log.
struct AlertSettings: Sendable {
  /// A URL that alerts are posted to, and the key that signs them.
  struct Webhook: Sendable {
    let url: ServiceURL
    let key: SymmetricKey
  }

  let webhook: Webhook?
  /// The absolute path of a program that gets each alert on its standard input.
  let command: String?

  init(_ reader: inout SettingsReader) {
    let text = reader.optional(.alertURL)
    var url: ServiceURL?
    if let text {
      do {
        url = try ServiceURL(text)
      } catch {
        reader.complain(.alertURL, error.rawValue)
      }
    }
    let problems = reader.problems.count
    let secret = reader.optional(.alertSecret, "at least 16 characters; make one with `pingate generate-key`") {
      $0.utf8.count >= 16 ? $0 : nil
    }
    if text != nil, secret == nil, reader.problems.count == problems {
      reader.complain(.alertSecret, "is missing: what alerts are signed with; make one with `pingate generate-key`")
    }
    webhook = url.flatMap { url in secret.map { Webhook(url: url, key: SymmetricKey(data: Array($0.utf8))) } }
    command = reader.optional(.alertCommand, "the absolute path of a program, without arguments") {
      $0.hasPrefix("/") ? $0 : nil
    }
  }
}
