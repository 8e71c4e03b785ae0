import Curl
import Foundation
import Logging
import Site
import Testing
import Vonage

@testable import pingate

@Suite struct `The settings of a site` {
  private static let complete = [
    "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "s3cret", "VONAGE_BRAND_NAME": "Example Shop",
    "PINGATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
  ]

  private func settings(_ more: [String: String] = [:], without missing: String? = nil) throws -> Settings {
    var environment = Self.complete.merging(more) { _, more in more }
    if let missing { environment[missing] = nil }
    return try Settings(SettingsSource(environment: environment))
  }

  /// The names that are complained of.
  private func problems(_ more: [String: String] = [:], without missing: String? = nil) -> [String] {
    do {
      _ = try settings(more, without: missing)
      return []
    } catch {
      return (error as? SettingsProblems)?.all.map(\.name) ?? ["\(error)"]
    }
  }

  @Test func `are complete with the account, the brand and a key`() throws {
    let settings = try settings()
    #expect(settings.brand == Brand(name: "Example Shop"))
    #expect(settings.site.identity == "Example Shop")
    #expect(settings.site.prefix.isEmpty)
    #expect(settings.site.continueURL == "/")
    #expect(settings.site.pinLifetime == .seconds(300))
    #expect(settings.vonage.url.text.hasPrefix("https://api.nexmo.com"))
    #expect(settings.client.timeout == .seconds(10))
    #expect(settings.client.proxy == nil)
    #expect(settings.logLevel == .info)
  }

  @Test(arguments: complete.keys.sorted())
  func `lack each of those by its name, once`(name: String) {
    #expect(problems(without: name) == [name])
  }

  @Test func `tell all that is wrong at once`() {
    let wrong = problems(
      [
        "PINGATE_COLOUR": "red", "PINGATE_KEY": "short", "PINGATE_WORKFLOW_ID": "8", "PINGATE_LISTEN": "0.0.0.0:9000",
        "PINGATE_LOGOO": "/x",
      ], without: "VONAGE_API_KEY")
    #expect(
      Set(wrong) == [
        "PINGATE_COLOUR", "PINGATE_KEY", "PINGATE_WORKFLOW_ID", "PINGATE_LISTEN", "PINGATE_LOGOO", "VONAGE_API_KEY",
      ])
    #expect(wrong.count == 6)
  }

  @Test func `never repeat a secret in a complaint`() {
    let secret = "hunter2\u{7}"
    do {
      _ = try settings(["VONAGE_API_SECRET": secret, "PINGATE_KEY": secret, "PINGATE_PROXY": "ftp://u:hunter2@x"])
      Issue.record("nothing was wrong")
    } catch {
      #expect(!"\(error)".contains("hunter2"))
    }
  }

  @Test(
    arguments: [
      ("PINGATE_PREFIX", ["/phone", "/a/b-c_d.e~f"], ["phone", "/", "/phone/", "//x", "/a b", "/ä", "/a?b"]),
      (
        "PINGATE_ORIGINS", ["https://www.example.com", "https://a.example http://b.example:8080"],
        ["example.com", "https://a.example/x", "https://", "https://u@a"]
      ),
      (
        "PINGATE_CONTINUE_URL", ["/", "/welcome?x=1", "https://example.com/x"],
        ["welcome", "//evil.example", "http://example.com", "javascript:alert(1)", "/\\evil", "/a b"]
      ),
      ("PINGATE_LOGO", ["/logo.svg"], ["logo.svg", "//evil.example/logo.svg", "https://x/logo.svg", "/a'b"]),
      ("PINGATE_COLOUR", ["#0057b8", "#FFFFFF"], ["red", "#fff0000", "0057b8"]),
      ("PINGATE_API_TIMEOUT", ["1", "30"], ["0", "31", "1.5", "x", ""]),
      ("PINGATE_REQUESTS_IN_FLIGHT", ["1", "100000"], ["0", "100001", "-1"]),
      ("PINGATE_WORKFLOW_ID", ["1", "7"], ["0", "8", "one"]),
      ("PINGATE_PIN_EXPIRY", ["60", "3600"], ["59", "3601"]),
      ("PINGATE_NEXT_EVENT_WAIT", ["60", "900"], ["59", "901"]),
      ("PINGATE_SENDER_ID", ["A", "Shop4711abc"], ["Shop4711abcd", "a b"]),
      ("PINGATE_COUNTRY", ["GB"], ["gb", "GBR"]),
      ("PINGATE_SOCKET_MODE", ["0660", "600"], ["0666", "0661", "8", "rw"]),
      (
        "PINGATE_LISTEN", ["unix:/run/x.sock", "127.0.0.1:9000", "[::1]:9000"],
        ["/run/x.sock", "9000", "0.0.0.0:9000", "localhost:9000"]
      ),
      ("PINGATE_LOG_LEVEL", ["debug", "critical"], ["loud"]),
      ("PINGATE_PROXY", ["http://proxy.example.com:3128"], ["proxy.example.com", "ftp://x"]),
      ("PINGATE_CA_FILE", ["/etc/ssl/certs/ca-certificates.crt"], ["/nowhere.pem"]),
      (
        "VONAGE_API_URL", ["https://api.nexmo.com", "http://127.0.0.1:8080/sandbox"],
        ["http://api.nexmo.com", "api.nexmo.com", "https://u:p@x"]
      ),
      ("VONAGE_BRAND_NAME", ["x", "123456789012345678", "Çafé 7"], ["1234567890123456789", "A&B"]),
    ] as [(String, [String], [String])])
  func `have rules for every value`(name: String, right: [String], wrong: [String]) {
    for value in right {
      #expect(problems([name: value]) == [], "\(name)=\(value)")
    }
    // An empty value counts as none.
    for value in wrong where !value.isEmpty {
      #expect(problems([name: value]) == [name], "\(name)=\(value)")
    }
  }

  @Test func `refuse a PIN's life that Vonage would silently change`() {
    #expect(problems(["PINGATE_PIN_EXPIRY": "120", "PINGATE_NEXT_EVENT_WAIT": "60"]) == [])
    #expect(problems(["PINGATE_PIN_EXPIRY": "121", "PINGATE_NEXT_EVENT_WAIT": "60"]) == ["PINGATE_PIN_EXPIRY"])
  }

  @Test func `do not take a proxy from the variables that a visitor's header can make`() throws {
    let settings = try settings(["HTTP_PROXY": "http://evil.example", "https_proxy": "http://evil.example"])
    #expect(settings.client.proxy == nil)
  }

  @Test(arguments: [(4_096, true), (4_097, false)])
  func `have a longest value`(length: Int, isTaken: Bool) {
    let path = "/" + String(repeating: "x", count: length - 1)
    #expect(problems(["PINGATE_PAGES": path]) == (isTaken ? [] : ["PINGATE_PAGES"]))
  }
}
