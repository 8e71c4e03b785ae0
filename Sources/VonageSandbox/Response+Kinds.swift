internal import Gateway
internal import HTTPTypes

/// The kinds of answer that the sandbox gives. All have a Content-Length, and none may be kept by a cache.
extension Response {
  static func json(_ body: [UInt8], status: HTTPResponse.Status = .ok, adding more: HTTPFields = [:]) -> Response {
    made(body, type: "application/json", status: status, adding: more)
  }

  /// An error outside of what the API's statuses say, in the form of RFC 9457.
  static func problem(_ status: HTTPResponse.Status, detail: String, adding more: HTTPFields = [:]) -> Response {
    let problem = Problem(title: status.reasonPhrase, detail: detail)
    return made(problem.json, type: "application/problem+json", status: status, adding: more)
  }

  static func page(_ body: [UInt8]) -> Response {
    made(
      body, type: "text/html; charset=utf-8",
      adding: [
        .contentSecurityPolicy: "default-src 'none'; style-src 'self'; form-action 'self'; frame-ancestors 'none'; "
          + "base-uri 'none'"
      ])
  }

  static func styleSheet(_ body: [UInt8]) -> Response { made(body, type: "text/css; charset=utf-8") }

  /// The answer to HEAD: the same without its body.
  var withoutBody: Response { Response(status: status, fields: fields) }

  private static func made(
    _ body: [UInt8], type: String, status: HTTPResponse.Status = .ok, adding more: HTTPFields = [:]
  ) -> Response {
    var fields: HTTPFields = [
      .contentType: type,
      .contentLength: String(body.count),
      .cacheControl: "no-store",
      .xContentTypeOptions: "nosniff",
    ]
    for field in more { fields.append(field) }
    return Response(status: status, fields: fields, body: body)
  }
}
