public import HTTPTypes

/// The kinds of responses.
public enum Answer: Sendable {
  /// A page, with its header fields.
  case page(status: HTTPResponse.Status, html: [UInt8], fields: HTTPFields)
  /// A redirect (RFC 9110, section 15.4): to a page to be fetched with GET (303), or a permanent one (308).
  case redirect(to: String, status: HTTPResponse.Status = .seeOther)
  /// A JSON text (RFC 8259), for a program.
  case json(status: HTTPResponse.Status, [UInt8])
  /// A bare status: 204, or 401 to a web server that asks whether a request may pass.
  case empty(status: HTTPResponse.Status)

  /// - Parameter cookies: `Set-Cookie` fields, one each (RFC 6265, section 3: they cannot be folded into one).
  public func response(cookies: [String] = []) -> Response {
    var response: Response
    switch self {
    case .page(let status, let html, let fields):
      response = Response(status: status, fields: fields, body: html)
    case .redirect(let address, let status):
      response = Response(status: status, fields: [.location: address, .cacheControl: "no-store"])
    case .json(let status, let text):
      response = Response(
        status: status,
        fields: [
          .contentType: "application/json", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
          .contentSecurityPolicy: "default-src 'none'; frame-ancestors 'none'",
          .crossOriginResourcePolicy: "same-origin",
        ], body: text)
    case .empty(let status):
      response = Response(status: status, fields: [.cacheControl: "no-store"])
    }
    for cookie in cookies { response.fields.append(HTTPField(name: .setCookie, value: cookie)) }
    return response
  }
}
