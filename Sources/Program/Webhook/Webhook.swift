internal import Crypto
internal import Curl
internal import Encoding
internal import Flow
internal import Glibc

/// Posts events to the owner's URL, signed according to Standard Webhooks, so that its libraries can check them
/// (https://www.standardwebhooks.com, specification 1.0.0, "Signature scheme"):
///
///     webhook-id: msg_2KWPBgLlAfxdpx2AI54pPJ
///     webhook-timestamp: 1795558295
///     webhook-signature: v1,<HMAC-SHA-256 of "<id>.<timestamp>.<body>" in base64>
struct Webhook: Sendable {
  let settings: WebhookSettings
  let client: Client

  func deliver(_ event: VerifiedEvent) async -> Delivery {
    let seconds = Int64(time(nil))
    let fields = [
      HeaderField("webhook-id", event.id), HeaderField("webhook-timestamp", "\(seconds)"),
      HeaderField("webhook-signature", Self.signatures(of: event, at: seconds, keys: settings.keys)),
    ]
    do {
      let answer = try await client.send(
        Request(.postJSON(event.body), settings.url, isRepeatable: true, fields: fields))
      return Delivery(status: answer.status)
    } catch {
      return .failed(error.kind.rawValue)
    }
  }

  /// One signature for each key, separated by spaces.
  static func signatures(of event: VerifiedEvent, at seconds: Int64, keys: [SymmetricKey]) -> String {
    let signed = Array("\(event.id).\(seconds).".utf8) + event.body
    return keys.map { "v1," + Base64.encode(Array(HMAC<SHA256>.authenticationCode(for: signed, using: $0))) }.joined(
      separator: " ")
  }
}
