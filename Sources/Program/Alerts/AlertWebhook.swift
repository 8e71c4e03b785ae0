internal import Crypto
internal import Curl
internal import Encoding
internal import Glibc

/// Posts alerts to the owner's URL, signed so that nobody else can:
///
///     PinGate-Signature: t=1795558295,v1=<HMAC-SHA-256 of "1795558295.<body>" in hexadecimal>
struct AlertWebhook: Sendable {
  let settings: AlertSettings.Webhook
  let client: Client

  func deliver(_ json: [UInt8]) async -> Delivery {
    let signature = Self.signature(of: json, at: Int64(time(nil)), key: settings.key)
    do {
      let answer = try await client.send(
        Request(
          .postJSON(json), settings.url, isRepeatable: true, fields: [HeaderField("PinGate-Signature", signature)]))
      return Delivery(status: answer.status)
    } catch {
      return .failed(error.kind.rawValue)
    }
  }

  static func signature(of json: [UInt8], at time: Int64, key: SymmetricKey) -> String {
    let code = HMAC<SHA256>.authenticationCode(for: Array("\(time).".utf8) + json, using: key)
    return "t=\(time),v1=\(Hexadecimal.text(code))"
  }
}
