internal import Curl
internal import Encoding
internal import Flow

/// The third party that is asked about strangers under attack, and the site's keys there.
struct WidgetSettings: Sendable {
  /// What its pages show.
  let shown: ChallengeWidget
  /// Where it is asked.
  let url: ServiceURL
  /// What the site asks with. It stands in nothing but that request.
  let secret: String

  /// - Returns: nil with a problem in the reader when something is missing or wrong.
  init?(_ kind: ChallengeWidget.Kind, _ reader: inout SettingsReader) {
    let host = reader.optional(
      .challengeURL, "the origin of another host than the usual one, like https://127.0.0.1:8443"
    ) { Origin($0)?.text }
    let siteKey = reader.required(.challengeSiteKey, Self.advice)
    let secret = reader.required(.challengeSecret, Self.advice)
    if let siteKey, !Self.isKey(siteKey) {
      reader.complain(
        .challengeSiteKey, "must be the site key as \(kind.rawValue) shows it, at most 100 letters, digits, - and _")
      return nil
    }
    let addresses = Addresses(of: kind, at: host)
    let url: ServiceURL
    do {
      url = try ServiceURL(addresses.check)
    } catch {
      reader.complain(.challengeURL, error.rawValue)
      return nil
    }
    guard let siteKey, let secret, !reader.isMistaken(.challengeURL) else { return nil }
    shown = ChallengeWidget(kind, siteKey: siteKey, script: addresses.script, origins: addresses.origins)
    self.url = url
    self.secret = secret
  }

  private static let advice = "copy the site key and the secret key from where the widget was made"

  /// It stands in pages.
  private static func isKey(_ text: String) -> Bool {
    (1...100).contains(text.utf8.count) && text.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2D || $0 == 0x5F }
  }

  /// As each of them documents it (https://developers.cloudflare.com/turnstile/, https://docs.hcaptcha.com/).
  private struct Addresses {
    let script: String
    let check: String
    let origins: [String]

    init(of kind: ChallengeWidget.Kind, at host: String?) {
      switch kind {
      case .turnstile:
        let host = host ?? "https://challenges.cloudflare.com"
        script = host + "/turnstile/v0/api.js"
        check = host + "/turnstile/v0/siteverify"
        origins = [host]
      case .hcaptcha:
        script = (host ?? "https://js.hcaptcha.com") + "/1/api.js"
        check = (host ?? "https://api.hcaptcha.com") + "/siteverify"
        origins = host.map { [$0] } ?? ["https://hcaptcha.com", "https://*.hcaptcha.com"]
      }
    }
  }
}

extension SiteSettings {
  /// What strangers are asked for under attack; nil where they are refused.
  static func challenge(_ reader: inout SettingsReader) -> (flow: ChallengeSettings?, widget: WidgetSettings?) {
    let choice = reader.optional(.challenge, "off, work, turnstile or hcaptcha") { ChallengeChoice($0) } ?? .work
    switch choice {
    case .off: return (nil, nil)
    case .work: return (ChallengeSettings(), nil)
    case .widget(let kind):
      let widget = WidgetSettings(kind, &reader)
      return (ChallengeSettings(widget: widget?.shown), widget)
    }
  }
}

/// The values of `PINGATE_CHALLENGE`.
enum ChallengeChoice: Sendable, Hashable {
  case off, work
  case widget(ChallengeWidget.Kind)

  init?(_ text: String) {
    switch text {
    case "off": self = .off
    case "work": self = .work
    default:
      guard let kind = ChallengeWidget.Kind(rawValue: text) else { return nil }
      self = .widget(kind)
    }
  }
}
