internal import Curl
internal import Encoding
internal import Flow
internal import Threads

/// Asks the third party about the response that its widget gave to a visitor: once, and not for long.
///
/// Whatever a visitor can cause is a refusal, including a firewall's 400, 403, or 413; otherwise anyone who dislikes the widget
/// could choose work instead. Everything else that prevents an answer is a failure, which lets nobody pass, and after which the
/// site asks for work instead.
struct WidgetClient: Sendable {
  private let settings: WidgetSettings
  private let client: Client
  private let timeout: Duration
  private let running = Locked(0)

  /// So long somebody waits for it at most, before the message.
  static let usualTimeout: Duration = .seconds(3)
  /// So many are asked about at once. Who sends forms without end shall not keep the client from asking for messages.
  static let mostAtOnce = 64
  /// Of a response: twice what the longest of either is known to have.
  static let longestResponse = 6_000

  init(_ settings: WidgetSettings, client: Client, timeout: Duration = Self.usualTimeout) {
    self.settings = settings
    self.client = client
    self.timeout = timeout
  }

  /// - Parameter response: as the visitor's form had it; empty where it had none, because the widget's script was not there.
  func finding(_ response: String) async -> WidgetFinding {
    guard response.utf8.count <= Self.longestResponse else { return .refused("too_long") }
    let isFree = running.with { count in
      guard count < Self.mostAtOnce else { return false }
      count += 1
      return true
    }
    guard isFree else { return .failed("too many at once") }
    defer { running.with { $0 -= 1 } }
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
      return ofFirewalls.contains(answer.status) ? .turnedAway(reason) : .failed(reason)
    }
    guard !isPassed else { return .passed }
    guard case .texts(let codes) = members["error-codes"], !codes.isEmpty else { return .refused("no reason") }
    // They go into the log.
    let reason = codes.prefix(4).map { code in
      code.utf8.count <= 64 && code.utf8.allSatisfy { $0.isLetterOrDigit || $0 == 0x2D } ? code : "?"
    }.joined(separator: ",")
    return failures.isDisjoint(with: codes) ? .refused(reason) : .failed(reason)
  }

  /// What is the site's or the third party's and never a visitor's. `sitekey-secret-mismatch` is none of that: a visitor gets it
  /// with what the widget of another site gave.
  private static let failures: Set<String> = ["missing-input-secret", "invalid-input-secret", "internal-error"]
  private static let ofFirewalls: Set<Int> = [400, 403, 413]
}
