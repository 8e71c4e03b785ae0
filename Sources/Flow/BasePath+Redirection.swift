internal import Gateway
internal import HTTPTypes

extension BasePath {
  /// Where a visitor of ".../pingate" is redirected: to ".../pingate/", where the pages' relative URLs are right. This
  /// happens when the program runs as CGI, and when the path is the base path itself.
  ///
  /// - Returns: the target of the permanent redirect; nil for all other requests. It is relative, and made only from
  ///   the owner's settings: nothing that a visitor sent gets into a header.
  static func redirection(of request: Request, settings: FlowSettings) -> String? {
    guard request.method == .get || request.method == .head else { return nil }
    if !settings.prefix.isEmpty, wholePath(of: request, below: settings.prefix) == settings.prefix {
      return redirection(to: settings.prefix)
    }
    // A page's path is not the program's, even where the server calls the program by the page's name (fcgiwrap with
    // SCRIPT_NAME=/register).
    guard let name = settings.scriptName, request.parameters["PATH_INFO"] == nil, request.path.hasSuffix("/" + name),
      Self.path(of: request, below: settings.prefix).flatMap(Route.init(path:)) == nil
    else { return nil }
    return redirection(to: name)
  }

  private static func redirection(to path: String) -> String? {
    path.split(separator: "/").last.map { $0 + "/" }
  }
}
