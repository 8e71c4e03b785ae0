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
public enum BasePath {
  /// The path below the base path, or nil when the request is for something outside of it.
  public static func path(of request: Request, below prefix: String) -> String? {
    guard !prefix.isEmpty, let whole = wholePath(of: request, below: prefix) else {
      return request.path.isEmpty ? "/" : request.path
    }
    return whole.hasPrefix(prefix + "/") ? String(whole.dropFirst(prefix.count)) : nil
  }

  /// The whole path; nil where the web server has split it at another place than in the prefix.
  public static func wholePath(of request: Request, below prefix: String) -> String? {
    guard let rest = request.parameters["PATH_INFO"] else { return request.path }
    var program = request.parameters["SCRIPT_NAME"] ?? ""
    // Some owners pass the whole path on under both names.
    if program == "/" || program == rest { program = "" }
    return (prefix + "/").hasPrefix(program + "/") ? program + rest : nil
  }

  /// The way from a page at `path` below the base path to the site's first page, as a relative address; for a page outside
  /// of it, which has no path, an absolute one.
  public static func relative(from path: String?, prefix: String) -> String {
    guard let path else { return prefix + "/" }
    let depth = path.utf8.count { $0 == UInt8(ascii: "/") } - 1
    return depth > 0 ? String(repeating: "../", count: min(depth, mostSteps)) : "./"
  }

  /// Nobody's pages lie deeper; a longer path is only meant to make the answer long.
  public static let mostSteps = 16
}
