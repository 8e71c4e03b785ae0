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
    try await client(of: url, timeout: timeout).finding(response)
  }

  private func client(of url: String, timeout: Duration = .seconds(60)) throws -> WidgetClient {
    var reader = SettingsReader(
      SettingsSource(environment: [
        "PINGATE_CHALLENGE_SITE_KEY": "key", "PINGATE_CHALLENGE_SECRET": "se+cret", "PINGATE_CHALLENGE_URL": url,
      ]))
    let settings = try #require(WidgetSettings(.turnstile, &reader))
    var configuration = Configuration()
    configuration.connectTimeout = .seconds(60)
    configuration.timeout = .seconds(60)
    return WidgetClient(settings, client: try Client(configuration), timeout: timeout)
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
        .broken(.secret("bad-request,invalid-input-secret"))
      ),
      (200, #"{"success":false,"error-codes":["missing-input-secret"]}"#, .broken(.secret("missing-input-secret"))),
      (200, #"{"success":false,"error-codes":["internal-error"]}"#, .failed("internal-error")),
      // What a visitor can bring about by what the form has.
      (200, #"{"success":false,"error-codes":["a b\n"]}"#, .refused("?")),
      (200, #"{"success":false,"error-codes":["not-heard-of"]}"#, .refused("not-heard-of")),
      (200, #"{"success":false,"error-codes":[]}"#, .refused("no reason")),
      (200, #"{"success":false}"#, .refused("no reason")),
      // What the site's keys can bring about, too.
      (200, #"{"success":false,"error-codes":["sitekey-secret-mismatch"]}"#, .broken(.keys("sitekey-secret-mismatch"))),
      (200, #"{"success":false,"error-codes":["not-using-dummy-secret"]}"#, .broken(.keys("not-using-dummy-secret"))),
      (403, "<html>blocked", .broken(.turnedAway("HTTP 403"))), (400, "", .broken(.turnedAway("HTTP 400"))),
      (413, "", .broken(.turnedAway("HTTP 413"))),
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

  /// A firewall that lets what it knows pass, and a client that asks behind it more than once.
  @Test(arguments: [
    (#"{"success":false,"error-codes":["invalid-input-response"]}"#, 200, WidgetFinding.refused("HTTP 403")),
    (#"{"success":true}"#, 200, .refused("HTTP 403")),
    ("<html>", 403, .broken(.turnedAway("HTTP 403"))),
    ("", 503, .failed("HTTP 503")),
    (#"{"success":false,"error-codes":["invalid-input-secret"]}"#, 200, .broken(.secret("invalid-input-secret"))),
  ])
  func `is asked about a response of ours where a firewall turns a visitor's away, once`(
    answer: String, status: Int, said: WidgetFinding
  ) async throws {
    let server = try HTTPFixture { request in
      String(decoding: request.body, as: UTF8.self).contains(WidgetClient.controlResponse)
        ? .answer(answer, status: status) : .answer("<html>blocked", status: 403)
    }
    let client = try client(of: server.url)
    for _ in 0..<3 { #expect(await client.finding("response") == said) }
    #expect(server.requests.count == 4)
  }

  @Test func `is asked about a response of ours once, however many are turned away at once`() async throws {
    let server = try HTTPFixture { request in
      guard String(decoding: request.body, as: UTF8.self).contains(WidgetClient.controlResponse) else {
        return .answer("<html>blocked", status: 403)
      }
      let body = #"{"success":false,"error-codes":["invalid-input-response"]}"#
      return .hold(Array("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)".utf8))
    }
    let client = try client(of: server.url)
    await withTaskGroup { group in
      for _ in 0..<8 { group.addTask { await client.finding("response") } }
      await server.waitForRequests(9)
      server.release()
      for await finding in group { #expect(finding == .refused("HTTP 403")) }
    }
    #expect(server.requests.count == 9)
  }
}
