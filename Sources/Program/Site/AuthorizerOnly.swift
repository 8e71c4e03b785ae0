internal import Gateway
internal import HTTPTypes

/// A site of which nothing is answered but the authorizer's question: for a socket that more than the web server can open.
///
/// Whoever connects says what a request's parameters are. So nobody gets anything here but the answer whether a proof, which
/// they have to bring, is good.
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
