internal import Gateway
internal import HTTPTypes

/// The routes of a PinGate site. Paths are compared as a whole: there are no prefixes, patterns or file names.
enum Route: Sendable, CaseIterable {
  /// The first form.
  case start
  case styleSheet
  case register
  case verify
  case resend
  case call
  case cancel
  /// Deletes this browser's proofs. Only with a gate.
  case signOut
  /// Tells the site's own code what was proved. Only with a secret for it.
  case redeem

  init?(path: String) {
    switch path {
    case "/", "/index.html": self = .start
    case "/style.css": self = .styleSheet
    case "/register": self = .register
    case "/verify": self = .verify
    case "/resend": self = .resend
    case "/call": self = .call
    case "/cancel": self = .cancel
    case "/signout": self = .signOut
    case "/redeem": self = .redeem
    default: return nil
    }
  }

  /// The methods that it accepts. Only a POST ever makes PinGate do anything.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .start, .styleSheet: [.get, .head]
    case .register, .verify, .resend, .call, .cancel, .signOut, .redeem: [.post]
    }
  }
}
