internal import Gateway
internal import HTTPTypes

/// The places of a PinGate site. Paths are compared whole: nothing is a prefix, a pattern or a file name.
enum Route: Sendable, CaseIterable {
  /// The first form.
  case start
  case styleSheet
  case register
  case verify
  case resend
  case call
  case cancel
  /// Ends this browser's proof. Only where there are proofs.
  case signOut
  /// Where the site's own code learns what was proved. Only where there is a secret for it.
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

  /// The methods it answers. Only a POST ever makes PinGate do something.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .start, .styleSheet: [.get, .head]
    case .register, .verify, .resend, .call, .cancel, .signOut, .redeem: [.post]
    }
  }
}
