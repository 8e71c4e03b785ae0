import Curl
import Flow
import HTTPFixture
import Testing

@testable import Program

@Suite(.timeLimit(.minutes(2)))
struct `The third party` {
  /// What is made of an answer; with a time-out that nobody reaches, or one that everybody does.
  private func finding(
    _ response: String = "response", of url: String, timeout: Duration = .seconds(60)
  ) async throws -> WidgetFinding {
    var reader = SettingsReader(
      SettingsSource(environment: [
        "PINGATE_CHALLENGE_SITE_KEY": "key", "PINGATE_CHALLENGE_SECRET": "se+cret", "PINGATE_CHALLENGE_URL": url,
      ]))
    let settings = try #require(WidgetSettings(.turnstile, &reader))
    var configuration = Configuration()
    configuration.connectTimeout = .seconds(60)
    configuration.timeout = .seconds(60)
    return await WidgetClient(settings, client: try Client(configuration), timeout: timeout).finding(response)
  }

  @Test func `is asked with the secret and the response, and nothing else`() async throws {
    let server = try HTTPFixture { _ in .answer(#"{"success":true,"hostname":"example.com","error-codes":[]}"#) }
    #expect(try await finding("a b&c", of: server.url) == .passed)
    let received = try #require(server.requests.first)
    #expect(received.method == "POST" && received.target == "/turnstile/v0/siteverify")
    #expect(String(decoding: received.body, as: UTF8.self) == "secret=se%2Bcret&response=a+b%26c")
  }

  @Test(
    arguments: [
      (200, #"{"success":false,"error-codes":["invalid-input-response"]}"#, .refused("invalid-input-response")),
      (400, #"{"success":false,"error-codes":["timeout-or-duplicate"]}"#, .refused("timeout-or-duplicate")),
      (
        200, #"{"success":false,"error-codes":["bad-request","invalid-input-secret"]}"#,
        .failed("bad-request,invalid-input-secret")
      ),
      (200, #"{"success":false,"error-codes":["internal-error"]}"#, .failed("internal-error")),
      // What a visitor can bring about by what the form has.
      (200, #"{"success":false,"error-codes":["a b\n"]}"#, .refused("?")),
      (200, #"{"success":false,"error-codes":["not-heard-of"]}"#, .refused("not-heard-of")),
      (200, #"{"success":false,"error-codes":["sitekey-secret-mismatch"]}"#, .refused("sitekey-secret-mismatch")),
      (200, #"{"success":false,"error-codes":[]}"#, .refused("no reason")),
      (200, #"{"success":false}"#, .refused("no reason")),
      (403, "<html>blocked", .turnedAway("HTTP 403")), (400, "", .turnedAway("HTTP 400")),
      (413, "", .turnedAway("HTTP 413")),
      (404, "<html>", .failed("HTTP 404")),
      (200, #"{"success":"true"}"#, .failed("HTTP 200")), (200, #"{"success":1}"#, .failed("HTTP 200")),
      (200, #"{"success":true,"success":false}"#, .failed("HTTP 200")),
      (200, #"{"success":true"#, .failed("HTTP 200")), (200, "<html>", .failed("HTTP 200")),
      (200, "", .failed("HTTP 200")),
      (500, #"{"success":true}"#, .failed("HTTP 500")), (302, "", .failed("HTTP 302")),
    ] as [(Int, String, WidgetFinding)])
  func `is believed only where it says so plainly`(status: Int, body: String, said: WidgetFinding) async throws {
    let server = try HTTPFixture { _ in .answer(body, status: status) }
    #expect(try await finding(of: server.url) == said)
  }

  @Test func `that is down or silent says nothing`() async throws {
    let reserved = try ReservedPort()
    #expect(try await finding(of: "http://127.0.0.1:\(reserved.port)") == .failed("could_not_connect"))
    let silent = try HTTPFixture { _ in .silence }
    #expect(try await finding(of: silent.url, timeout: .milliseconds(50)) == .failed("timed_out"))
  }

  @Test func `is not asked about what no widget makes`() async throws {
    let server = try HTTPFixture { _ in .answer(#"{"success":true}"#) }
    let longest = String(repeating: "x", count: WidgetClient.longestResponse)
    #expect(try await finding(longest + "x", of: server.url) == .refused("too_long"))
    #expect(server.requests.isEmpty)
    #expect(try await finding(longest, of: server.url) == .passed)
  }
}
