/// Something that goes wrong between the API and its caller; the raw value is the last two digits of the magic number.
/// Those from 32 up are HTTP statuses, by their first and last digit.
public enum Fault: Int, Sendable, Hashable, CaseIterable {
  case slow = 0
  case silent, cutOff, answerLost, answerNeverComes
  case garbage, empty, huge, deep, html, list, withoutStatus, truncated, notUTF8
  case redirect = 32
  case badRequest = 40
  case unauthorized
  case forbidden = 43
  case notFound
  case tooManyRequests = 49
  case internalServerError
  case badGateway = 52
  case serviceUnavailable, gatewayTimeout

  /// Whether the call is carried out as usual, so that only its answer is late or lost; else nothing happens and
  /// nothing is sent. Such a fault befalls successes only: refusals come through.
  public var takesEffect: Bool {
    switch self {
    case .slow, .answerLost, .answerNeverComes: true
    default: false
    }
  }

  /// What the caller meets, in one phrase.
  public var meaning: String {
    switch self {
    case .slow: "works, but the answer takes 2 seconds (settable)"
    case .silent: "no answer for 30 seconds, then HTTP 504; nothing is done"
    case .cutOff: "the answer breaks off in the middle; nothing is done"
    case .answerLost: "works, but the answer breaks off in the middle; asking again meets what was done"
    case .answerNeverComes: "works, but no answer for 30 seconds, then HTTP 504; asking again meets what was done"
    case .garbage: "HTTP 200 with bytes that are no JSON"
    case .empty: "HTTP 200 without a body"
    case .huge: "HTTP 200 with 1 MiB of well-formed JSON"
    case .deep: "HTTP 200 with JSON nested 10,000 deep"
    case .html: "HTTP 200 with an HTML page"
    case .list: "HTTP 200 with a JSON list instead of an object"
    case .withoutStatus: "HTTP 200 with a JSON object that has no status"
    case .truncated: "HTTP 200 with JSON that ends too early, though its length is right"
    case .notUTF8: "HTTP 200 with JSON that is not UTF-8"
    case .redirect: "HTTP 302 to another address"
    case .badRequest: "HTTP 400"
    case .unauthorized: "HTTP 401"
    case .forbidden: "HTTP 403"
    case .notFound: "HTTP 404"
    case .tooManyRequests: "HTTP 429 with Retry-After: 30"
    case .internalServerError: "HTTP 500"
    case .badGateway: "HTTP 502"
    case .serviceUnavailable: "HTTP 503"
    case .gatewayTimeout: "HTTP 504"
    }
  }
}
