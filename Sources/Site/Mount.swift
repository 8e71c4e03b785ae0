internal import Gateway
internal import HTTPTypes

/// Where PinGate is mounted in the web server's tree of paths.
///
/// Web servers tell a program of a request for `/phone/verify` in three ways, and all are understood:
///
/// | server | `SCRIPT_NAME` | `PATH_INFO` |
/// |---|---|---|
/// | nginx, HAProxy, Apache's mod_proxy_fcgi | `/phone/verify` | absent or empty |
/// | Caddy, h2o | empty | `/phone/verify` |
/// | lighttpd, every CGI, nginx with `fastcgi_split_path_info` | `/phone`, or the program's own path | `/verify` |
///
/// In the last one the server has split the path by itself, and the prefix has no part in it.
enum Mount {
  /// The path below the mount, or nil when the request is for something outside of it.
  static func path(of request: Request, below prefix: String) -> String? {
    let path = request.path
    guard !prefix.isEmpty, !request.isPathSplit else { return path.isEmpty ? "/" : path }
    guard path.hasPrefix(prefix + "/") else { return nil }
    return String(path.dropFirst(prefix.count))
  }

  /// Sends a visitor of ".../pingate" on to ".../pingate/", where the pages' relative addresses are right: when the
  /// program runs as CGI, and when the path is the mount's own.
  ///
  /// The address is relative and made of the owner's settings only: nothing of the visitor's gets into a header.
  static func redirection(of request: Request, settings: SiteSettings) -> Response? {
    guard request.method == .get || request.method == .head else { return nil }
    let path = request.path
    if !settings.prefix.isEmpty, path == settings.prefix, !request.isPathSplit {
      return redirection(to: settings.prefix)
    }
    // One of the pages is not the program, even where the server calls the program by the page's name (fcgiwrap with
    // SCRIPT_NAME=/register).
    guard let name = settings.scriptName, request.parameters["PATH_INFO"] == nil, path.hasSuffix("/" + name),
      Self.path(of: request, below: settings.prefix).flatMap(Route.init(path:)) == nil
    else { return nil }
    return redirection(to: name)
  }

  private static func redirection(to path: String) -> Response? {
    guard let name = path.split(separator: "/").last else { return nil }
    return Response(status: .permanentRedirect, fields: [.location: name + "/", .cacheControl: "no-store"])
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
