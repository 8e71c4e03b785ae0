internal import Gate
internal import Gateway
internal import Verification

/// A site with a gate, which answers the web server's questions at once; the site itself answers everything else.
struct GatedSite: Responder {
  let gate: Gate
  let site: any Responder
  let clock: @Sendable () -> Timestamp

  func immediateResponse(to request: Request) -> Response? {
    gate.answer(request, at: clock()) ?? site.immediateResponse(to: request)
  }

  func respond(to request: consuming Request) async -> Response {
    if let response = gate.answer(request, at: clock()) { return response }
    return await site.respond(to: request)
  }

  var hasRoom: Bool { site.hasRoom }
}
