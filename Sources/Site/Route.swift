internal import Gateway
internal import HTTPTypes

/// The four places of a PinGate site. Paths are compared whole: nothing is a prefix, a pattern or a file name.
enum Route: Sendable, CaseIterable {
  /// The first form.
  case start
  case styleSheet
  case register
  case verify

  init?(path: String) {
    switch path {
    case "/", "/index.html": self = .start
    case "/style.css": self = .styleSheet
    case "/register": self = .register
    case "/verify": self = .verify
    default: return nil
    }
  }

  /// The methods it answers. Only a POST ever makes PinGate do something.
  var methods: [HTTPRequest.Method] {
    switch self {
    case .start, .styleSheet: [.get, .head]
    case .register, .verify: [.post]
    }
  }
}
