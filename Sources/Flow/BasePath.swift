internal import Gateway
internal import HTTPTypes

/// The path below which PinGate is in the web server's tree of paths.
///
/// Web servers tell a program of a request for `/phone/verify` in these ways, and all are understood:
///
/// | server | `SCRIPT_NAME` | `PATH_INFO` |
/// |---|---|---|
/// | nginx, HAProxy, Apache's `ProxyPass` | `/phone/verify` | absent or empty |
/// | Caddy, h2o | empty | `/phone/verify` |
/// | nginx with `fastcgi_split_path_info`, lighttpd and Apache's `SetHandler`, which split at some slash | `/phone` | `/verify` |
/// | CGI | `/cgi-bin/pingate` | `/verify` |
///
/// Only in the last one the prefix has no part: the server has split the path at the program.
enum BasePath {
  /// The path below the base path, or nil when the request is for something outside of it.
  static func path(of request: Request, below prefix: String) -> String? {
    guard !prefix.isEmpty, let whole = wholePath(of: request, below: prefix) else {
      return request.path.isEmpty ? "/" : request.path
    }
    return whole.hasPrefix(prefix + "/") ? String(whole.dropFirst(prefix.count)) : nil
  }

  /// The whole path; nil where the web server has split it at another place than in the prefix.
  private static func wholePath(of request: Request, below prefix: String) -> String? {
    guard let rest = request.parameters["PATH_INFO"] else { return request.path }
    var program = request.parameters["SCRIPT_NAME"] ?? ""
    // Some owners pass the whole path on under both names.
    if program == "/" || program == rest { program = "" }
    return (prefix + "/").hasPrefix(program + "/") ? program + rest : nil
  }

  /// Sends a visitor of ".../pingate" on to ".../pingate/", where the pages' relative addresses are right: when the
  /// program runs as CGI, and when the path is the base path's own.
  ///
  /// - Returns: the address that the request is redirected to for good; nil for all others.
  ///
  /// The address is relative and made of the owner's settings only: nothing of the visitor's gets into a header.
  static func redirection(of request: Request, settings: FlowSettings) -> String? {
    guard request.method == .get || request.method == .head else { return nil }
    if !settings.prefix.isEmpty, wholePath(of: request, below: settings.prefix) == settings.prefix {
      return redirection(to: settings.prefix)
    }
    // One of the pages is not the program, even where the server calls the program by the page's name (fcgiwrap with
    // SCRIPT_NAME=/register).
    guard let name = settings.scriptName, request.parameters["PATH_INFO"] == nil, request.path.hasSuffix("/" + name),
      Self.path(of: request, below: settings.prefix).flatMap(Route.init(path:)) == nil
    else { return nil }
    return redirection(to: name)
  }

  private static func redirection(to path: String) -> String? {
    path.split(separator: "/").last.map { $0 + "/" }
  }

  /// The way from a page at `path` below the base path to the site's first page, as a relative address; for a page outside
  /// of it, which has no path, an absolute one.
  static func relative(from path: String?, prefix: String) -> String {
    guard let path else { return prefix + "/" }
    let depth = path.utf8.count { $0 == UInt8(ascii: "/") } - 1
    return depth > 0 ? String(repeating: "../", count: min(depth, mostSteps)) : "./"
  }

  /// Nobody's pages lie deeper; a longer path is only meant to make the answer long.
  static let mostSteps = 16
}
