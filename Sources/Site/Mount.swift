internal import Gateway
internal import HTTPTypes

/// Where PinGate is mounted in the web server's tree of paths.
enum Mount {
  /// The path below the mount, or nil when the request is for something outside of it.
  static func path(of request: Request, below prefix: String) -> String? {
    let path = request.path
    guard !prefix.isEmpty, request.parameters["PATH_INFO"] == nil else { return path.isEmpty ? "/" : path }
    guard path.hasPrefix(prefix) else { return nil }
    return String(path.dropFirst(prefix.count))
  }

  /// Sends a visitor of ".../pingate" on to ".../pingate/", where the pages' relative addresses are right: when the
  /// program runs as CGI, and when the path is the mount's own.
  ///
  /// The address is relative and made of the owner's settings only: nothing of the visitor's gets into a header.
  static func redirection(of request: Request, settings: SiteSettings) -> Response? {
    guard request.method == .get || request.method == .head, request.parameters["PATH_INFO"] == nil else { return nil }
    let path = request.path
    let own = settings.prefix.split(separator: "/").last.map(String.init)
    for (name, isMount) in [(settings.scriptName, true), (own, path == settings.prefix)] {
      if let name, isMount, path.hasSuffix("/" + name) {
        return Response(status: .permanentRedirect, fields: [.location: name + "/", .cacheControl: "no-store"])
      }
    }
    return nil
  }

  /// The way from a page at `path` below the mount to the site's first page, as a relative address; for a page outside
  /// of it, which has no path, an absolute one.
  static func home(from path: String?, prefix: String) -> String {
    guard let path else { return prefix + "/" }
    let depth = path.utf8.count { $0 == UInt8(ascii: "/") } - 1
    return depth > 0 ? String(repeating: "../", count: min(depth, mostSteps)) : "./"
  }

  /// Nobody's pages lie deeper; a longer path is only meant to make the answer long.
  static let mostSteps = 16
}
