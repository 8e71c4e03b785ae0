import Gateway
import HTTPTypes

/// Says what it was asked: the method, the path and the body, or what is wrong with the body.
struct Echo: Responder {
  func respond(to request: Request) async -> Response {
    switch request.body {
    case .bytes(let bytes):
      Response(status: .ok, body: Array("\(request.method) \(request.path) ".utf8) + bytes)
    case .tooLarge: Response(status: .contentTooLarge)
    case .lengthMissing: Response(status: .lengthRequired)
    case .lengthWrong: Response(status: .badRequest)
    }
  }
}
