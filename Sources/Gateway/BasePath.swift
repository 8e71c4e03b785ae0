/// The path that PinGate is mounted at.
///
/// Web servers describe a request for `/phone/verify` to a program in these ways, and all of them are understood:
///
/// | server | `SCRIPT_NAME` | `PATH_INFO` |
/// |---|---|---|
/// | nginx, HAProxy, Apache's `ProxyPass` | `/phone/verify` | absent or empty |
/// | Caddy, h2o | empty | `/phone/verify` |
/// | nginx with `fastcgi_split_path_info`, lighttpd and Apache's `SetHandler`, which split at some slash | `/phone` | `/verify` |
/// | CGI | `/cgi-bin/pingate` | `/verify` |
///
/// Only in the last case does the prefix play no part: the server has split the path at the program.
public enum BasePath {
  /// The path below the base path; nil if the request is for something outside it.
  public static func path(of request: Request, below prefix: String) -> String? {
    guard !prefix.isEmpty, let whole = wholePath(of: request, below: prefix) else {
      return request.path.isEmpty ? "/" : request.path
    }
    return whole.hasPrefix(prefix + "/") ? String(whole.dropFirst(prefix.count)) : nil
  }

  /// The whole path; nil if the web server has split it somewhere other than inside the prefix.
  public static func wholePath(of request: Request, below prefix: String) -> String? {
    guard let rest = request.parameters["PATH_INFO"] else { return request.path }
    var program = request.parameters["SCRIPT_NAME"] ?? ""
    // Some configurations pass the whole path on under both names.
    if program == "/" || program == rest { program = "" }
    return (prefix + "/").hasPrefix(program + "/") ? program + rest : nil
  }

  /// The relative URL that leads from a page at `path`, below the base path, to the first page. For a page outside the
  /// base path, which has no such path, an absolute one.
  public static func relative(from path: String?, prefix: String) -> String {
    guard let path else { return prefix + "/" }
    let depth = path.utf8.count { $0 == UInt8(ascii: "/") } - 1
    return depth > 0 ? String(repeating: "../", count: min(depth, mostSteps)) : "./"
  }

  /// No real page is nested deeper; a deeper path is only meant to make the response long.
  public static let mostSteps = 16
}
