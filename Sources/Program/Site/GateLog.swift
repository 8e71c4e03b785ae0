internal import Gate
internal import Logging

/// Tells the owner about mistakes in how the web server asks the gate.
struct GateLog: Sendable {
  private let log: Logger

  init(_ log: Logger) {
    self.log = log
  }

  @Sendable func tell(_ trouble: GateTrouble) {
    let reason = Self.reason(trouble)
    if case .short = trouble {
      log.warning("gate.demand_short", metadata: ["reason": "\(reason)"])
    } else {
      log.error("gate.demand_unusable", metadata: ["reason": "\(reason)", "then": "nobody passes there"])
    }
  }

  /// It never repeats what was sent.
  private static func reason(_ trouble: GateTrouble) -> String {
    switch trouble {
    case .purpose:
      "PINGATE_PURPOSE is no name: it begins with a small letter, and has small letters, digits and hyphens, 16 at most"
    case .longPurpose(let most):
      "PINGATE_PURPOSE has more than \(most) characters, and with \(SettingName.proofAudience.rawValue) and "
        + "\(SettingName.proofIssuer.rawValue) the cookie would be longer than \(Gate.longestCookie) bytes: shorten one"
    case .maxAge: "PINGATE_MAX_AGE is no number of seconds"
    case .path: "behind the gate's place in the path stands neither NAME, nor SECONDS, nor NAME/SECONDS"
    case .contradiction: "a parameter and the path of the gate's place demand something different"
    case .short(let seconds):
      "PINGATE_MAX_AGE is \(seconds) s: that may be over before a visitor gets from the form to the page"
    }
  }
}
