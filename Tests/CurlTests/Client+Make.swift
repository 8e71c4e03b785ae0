import Curl
import HTTPFixture
import Testing

extension Client {
  /// A client for tests: patient, so that a slow machine fails nothing, unless a test says otherwise.
  static func make(_ change: (inout Configuration) -> Void = { _ in }) throws -> Client {
    var configuration = Configuration()
    configuration.connectTimeout = .seconds(60)
    configuration.timeout = .seconds(60)
    change(&configuration)
    return try Client(configuration)
  }

  /// The failure of a request that has to fail.
  func failure(of request: Request) async -> CurlFailure? {
    do throws(CurlFailure) {
      _ = try await send(request)
      Issue.record("there was an answer")
      return nil
    } catch {
      return error
    }
  }
}

extension Request {
  static func post(_ url: String, _ fields: KeyValuePairs<String, String> = ["a": "1"], isRepeatable: Bool = false)
    throws -> Request
  {
    var body = FormBody()
    for (name, value) in fields { body.append(name, value) }
    return Request(.post(body), try ServiceURL(url), isRepeatable: isRepeatable)
  }

  static func get(_ url: String) throws -> Request {
    Request(.get, try ServiceURL(url))
  }
}
