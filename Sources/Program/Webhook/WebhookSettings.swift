internal import Crypto
internal import Curl

/// Where the owner's own code is told about each success.
struct WebhookSettings: Sendable {
  let url: ServiceURL
  /// The signing keys: the receiver accepts a signature by any of them, so that keys can be changed.
  let keys: [SymmetricKey]

  /// - Returns: nil if there is no webhook; and if something is wrong, which is then a problem in the reader.
  init?(_ reader: inout SettingsReader, isGateOn: Bool) {
    let text = reader.optional(.webhookURL)
    let problems = reader.problems.count
    let keys = reader.optional(
      .webhookSecret, "one or more keys of 24 to 64 bytes in base64, each perhaps after whsec_"
    ) {
      KeyText.keys(in: $0.replacing("whsec_", with: ""), bytes: 24...64)
    }
    guard let text else { return nil }
    do {
      url = try ServiceURL(text)
    } catch {
      reader.complain(.webhookURL, error.rawValue)
      return nil
    }
    if !isGateOn { reader.complain(.webhookURL, "needs \(SettingName.gate.rawValue)=on") }
    guard let keys else {
      if reader.problems.count == problems {
        reader.complain(.webhookSecret, "is missing: what is signed with; make one with `pingate generate-key`")
      }
      return nil
    }
    self.keys = keys
  }
}
