internal import Curl
internal import Encoding
internal import Flow
internal import Threads

/// Asks the third party about the response that its widget gave to a visitor: once, and not for long.
///
/// Whatever a visitor can bring about is a refusal; otherwise anyone who dislikes the widget could choose work instead. A
/// firewall's 400, 403 or 413 may be that, or may be meant for this machine: then one more question tells, about a
/// response that no visitor chose. Everything else that prevents an answer lets nobody pass, and the site asks for work instead.
struct WidgetClient: Sendable {
  private let settings: WidgetSettings
  private let client: Client
  private let timeout: Duration
  /// The question about the control response.
  private enum Control {
    case unknown
    /// Somebody asks it, and tells all others.
    case asked(OneTimeEvent)
    /// What the last one brought, and until when that is believed.
    case known(WidgetFinding, until: ContinuousClock.Instant)
  }

  private let control = Locked(Control.unknown)

  /// So long somebody waits for it at most, before the message.
  static let usualTimeout: Duration = .seconds(3)
  /// What looks like a response and is none: the dummy that Cloudflare documents. Only a test secret takes it for good.
  static let controlResponse = "XXXX.DUMMY.TOKEN.XXXX"
  /// So long a firewall is believed to be as it was.
  private static let controlLife: Duration = .seconds(60)

  init(_ settings: WidgetSettings, client: Client, timeout: Duration = Self.usualTimeout) {
    self.settings = settings
    self.client = client
    self.timeout = timeout
  }

  /// - Parameter response: as the visitor's form had it; empty to learn whether the third party answers at all.
  func finding(_ response: String) async -> WidgetFinding {
    let finding = await asked(response)
    guard case .broken(.turnedAway(let reason)) = finding else { return finding }
    let control = await controlFinding()
    return switch control {
    // It answers this machine: so it was what the visitor sent.
    case .passed, .refused: .refused(reason)
    case .broken, .failed: control
    }
  }

  /// What the question about the control response brings. However many need it, it is asked once at a time, so that no old
  /// answer takes a newer one's place.
  private func controlFinding() async -> WidgetFinding {
    while true {
      let mine = OneTimeEvent()
      let found = control.with { control in
        let found = control
        switch found {
        case .asked: return found
        case .known(_, let until) where until > .now: return found
        case .known, .unknown:
          control = .asked(mine)
          return .unknown
        }
      }
      switch found {
      case .known(let finding, _): return finding
      case .asked(let event): await event.wait()
      case .unknown:
        let finding = await asked(Self.controlResponse)
        // What ended because this visitor left says nothing; then the next one asks.
        control.with { $0 = Task.isCancelled ? .unknown : .known(finding, until: .now + Self.controlLife) }
        mine.happen()
        return finding
      }
    }
  }

  private func asked(_ response: String) async -> WidgetFinding {
    var form = FormBody()
    form.append("secret", settings.secret)
    form.append("response", response)
    do {
      return Self.finding(try await client.send(Request(.post(form), settings.url), until: .now + timeout))
    } catch {
      return .failed(error.kind.rawValue)
    }
  }

  /// What an answer says: `success`; otherwise `error-codes`.
  static func finding(_ answer: Answer) -> WidgetFinding {
    guard answer.status < 500, String(validating: answer.body, as: UTF8.self) != nil,
      // Why it is none is of no use.
      let members = try? JSONReader.members(["success", "error-codes"], of: answer.body),
      case .flag(let isPassed) = members["success"]
    else {
      let reason = "HTTP \(answer.status)"
      return ofFirewalls.contains(answer.status) ? .broken(.turnedAway(reason)) : .failed(reason)
    }
    guard !isPassed else { return .passed }
    guard case .texts(let codes) = members["error-codes"], !codes.isEmpty else { return .refused("no reason") }
    // They go into the log.
    let reason = codes.prefix(4).map { code in
      code.utf8.count <= 64 && code.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2D } ? code : "?"
    }.joined(separator: ",")
    if !ofSecret.isDisjoint(with: codes) { return .broken(.secret(reason)) }
    if !ofKeys.isDisjoint(with: codes) { return .broken(.keys(reason)) }
    return codes.contains("internal-error") ? .failed(reason) : .refused(reason)
  }

  /// What is the site's, and never a visitor's.
  private static let ofSecret: Set<String> = ["missing-input-secret", "invalid-input-secret"]
  /// What is the site's, unless the visitor brought what the widget of another site gave (https://docs.hcaptcha.com/).
  private static let ofKeys: Set<String> = [
    "sitekey-secret-mismatch", "not-using-dummy-passcode", "not-using-dummy-secret",
  ]
  private static let ofFirewalls: Set<Int> = [400, 403, 413]
}
