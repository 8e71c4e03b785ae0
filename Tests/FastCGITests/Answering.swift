import Gateway

/// A responder made of a function.
struct Answering: Responder {
  let answer: @Sendable (Request) async -> Response

  func respond(to request: Request) async -> Response {
    await answer(request)
  }
}
