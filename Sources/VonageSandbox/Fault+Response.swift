internal import Gateway
internal import HTTPTypes

extension Fault {
  /// The damaged response.
  ///
  /// - Parameters:
  ///   - answer: the call's JSON when the fault takes effect, else an answer that could have been.
  ///   - prefix: where the sandbox is mounted, for the address of the redirection.
  func response(damaging answer: [UInt8], prefix: String) -> Response {
    switch self {
    case .slow: return .json(answer)
    case .cutOff, .answerLost:
      // Shorter than its own Content-Length: the web server in front cannot but cut its connection.
      var response = Response.json(answer)
      response.body.removeLast(answer.count / 2)
      return response
    case .silent, .answerNeverComes, .gatewayTimeout: return .json([], status: .gatewayTimeout)
    case .garbage: return .json([0x1F, 0x8B, 0x08, 0x00] + (0..<252).map { UInt8($0) })
    case .empty: return .json([])
    case .huge:
      let (head, tail) = (Array(#"{"padding":""#.utf8), Array(#"","status":"0","request_id":"\#(Self.noID)"}"#.utf8))
      return .json(head + Array(repeating: 0x78, count: Self.hugeSize - head.count - tail.count) + tail)
    case .deep:
      let brackets = [UInt8(ascii: "["), UInt8(ascii: "]")].map { Array(repeating: $0, count: Self.depth) }
      return .json(Array(#"{"status":"0","request_id":"#.utf8) + brackets[0] + brackets[1] + [UInt8(ascii: "}")])
    case .html:
      return .page(Array("<!DOCTYPE html><title>Maintenance</title><h1>Down for maintenance</h1>".utf8))
    case .list: return .json([UInt8(ascii: "[")] + answer + [UInt8(ascii: "]")])
    case .withoutStatus: return .json(Array(#"{"request_id":"\#(Self.noID)"}"#.utf8))
    case .truncated: return .json(Array(answer.dropLast(answer.count / 2)))
    case .notUTF8: return .json(Array(#"{"status":"0","request_id":""#.utf8) + [0xC3, 0x28] + Array(#""}"#.utf8))
    case .redirect:
      return .json([], status: .found, adding: [.location: prefix + "/redirected"])
    case .badRequest: return problem(.badRequest)
    case .unauthorized: return problem(.unauthorized)
    case .forbidden: return problem(.forbidden)
    case .notFound: return problem(.notFound)
    case .tooManyRequests: return problem(.tooManyRequests, adding: [.retryAfter: "30"])
    case .internalServerError: return problem(.internalServerError)
    case .badGateway: return problem(.badGateway)
    case .serviceUnavailable: return problem(.serviceUnavailable)
    }
  }

  static let hugeSize = 1 << 20
  static let depth = 10_000
  private static let noID = String(repeating: "0", count: 32)

  private func problem(_ status: HTTPResponse.Status, adding fields: HTTPFields = [:]) -> Response {
    .problem(status, detail: "Made by the sandbox on request.", adding: fields)
  }
}
