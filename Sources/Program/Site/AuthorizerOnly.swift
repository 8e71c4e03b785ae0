internal import Gateway
internal import HTTPTypes

/// A site that answers nothing but an authorizer's question, for a socket that not only the web server can open.
///
/// Whoever connects chooses the request's parameters. So nobody learns anything here except whether a proof, which they have to
/// bring, is good.
struct AuthorizerOnly: Responder {
  let site: any Responder

  func immediateResponse(to request: Request) -> Response? {
    guard case .authorizer = request.question else {
      return Response(status: .forbidden, fields: [.contentLength: "0"])
    }
    // Without a gate nobody may pass.
    return site.immediateResponse(to: request)
      ?? Response(status: .serviceUnavailable, fields: [.contentLength: "0", .retryAfter: "60"])
  }

  func respond(to request: consuming Request) async -> Response {
    immediateResponse(to: request) ?? Response(status: .forbidden)
  }
}
