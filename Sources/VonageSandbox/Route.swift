internal import Gateway

/// The addresses below the sandbox's prefix.
enum Route: Hashable {
  case call(Operation)
  /// The prefix without its closing slash.
  case bare
  case outbox, styleSheet, messages, statistics, clock, settings, reset, redirected
  /// Of another of Vonage's APIs, which is at another host there.
  case balance

  /// - Returns: nil for what the sandbox does not stand in for: XML, PSD2, network unblocking, templates and anything
  ///   else.
  init?(_ request: Request, below prefix: String) {
    guard let path = Self.path(request.path, below: prefix, isSplit: request.parameters["PATH_INFO"] != nil),
      let route = Self.routes[path]
    else { return nil }
    self = route
  }

  /// A server that splits the path by itself (`PATH_INFO`) may have taken the prefix off already.
  private static func path(_ path: String, below prefix: String, isSplit: Bool) -> String? {
    if path == prefix || path.hasPrefix(prefix + "/") { return String(path.dropFirst(prefix.count)) }
    return isSplit ? path : nil
  }

  private static let routes: [String: Route] = [
    "": .bare,
    "/": .outbox,
    "/outbox.css": .styleSheet,
    "/messages.json": .messages,
    "/statistics.json": .statistics,
    "/clock": .clock,
    "/settings": .settings,
    "/reset": .reset,
    "/redirected": .redirected,
    "/account/get-balance": .balance,
    "/verify/json": .call(.start),
    "/verify/check/json": .call(.check),
    "/verify/control/json": .call(.control),
    "/verify/search/json": .call(.search),
  ]
}
