import Curl
import Flow
import Foundation
import Logging
import Pages
import Testing
import Tokens
import Verification
import VonageV1

@testable import Program

@Suite struct `The settings of a site` {
  private static let complete = [
    "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "s3cret", "VONAGE_BRAND_NAME": "Example Shop",
    "PINGATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "PINGATE_HOME_COUNTRY": "US",
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

  @Test func `are complete with the account, the brand, a key and a country`() throws {
    let settings = try settings()
    #expect(settings.site.brand == Brand(name: "Example Shop"))
    #expect(settings.site.identity == "pingate")
    #expect(settings.site.flow.prefix.isEmpty)
    #expect(settings.site.flow.continueURL == "/")
    #expect(settings.vonage.pinLifetime == .seconds(300))
    #expect(settings.site.provider.url.text.hasPrefix("https://api.nexmo.com"))
    #expect(settings.process.client.timeout == .seconds(10))
    #expect(settings.process.client.proxy == nil)
    #expect(settings.process.logLevel == .info)
  }

  @Test func `have three names: on the pages, in the messages, and of the site itself`() throws {
    let site = try settings(["PINGATE_BRAND": "Example & Sons’ Shop", "PINGATE_SITE": "shop"]).site
    #expect(site.brand.name == "Example & Sons’ Shop")
    #expect(site.identity == "shop" && site.flow.identity == "shop")
    #expect(problems(["PINGATE_BRAND": String(repeating: "x", count: 60)]) == [])
    #expect(problems(["PINGATE_BRAND": String(repeating: "x", count: 61)]) == ["PINGATE_BRAND"])
    #expect(problems(["PINGATE_BRAND": "Example Shop"], without: "VONAGE_BRAND_NAME") == ["VONAGE_BRAND_NAME"])
  }

  @Test func `keep the keys and counters that a site has when its brand is named anew`() throws {
    func isSame(_ one: Settings, _ other: Settings) -> Bool {
      let token = FormToken(browserTag: Array(1...8), givenUp: nil, madeAt: Timestamp(secondsSinceEpoch: 0))
      let opens = TokenSeal<FormToken>(one.site.keyring, site: one.site.identity).seal(token).map {
        TokenSeal<FormToken>(other.site.keyring, site: other.site.identity).open($0) == token
      }
      return opens == true
        && CounterKeys(one.site.keyring, site: one.site.identity).site
          == CounterKeys(other.site.keyring, site: other.site.identity).site
    }
    // Nor without a name of its own, whatever else it is called.
    let former = try settings()
    #expect(isSame(former, try settings(["PINGATE_BRAND": "Other"])))
    #expect(isSame(former, try settings(["VONAGE_BRAND_NAME": "Other"])))
    let named = try settings(["PINGATE_SITE": "shop"])
    #expect(isSame(named, try settings(["PINGATE_SITE": "shop", "VONAGE_BRAND_NAME": "Other", "PINGATE_BRAND": "A"])))
    #expect(!isSame(former, try settings(["PINGATE_SITE": "Other"])))
  }

  @Test func `of the gate that are hardly meant so are doubted, and none of the usual ones`() throws {
    let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
    func doubts(_ more: [String: String]) throws -> [String] {
      let site = try settings(["PINGATE_GATE": "on", "PINGATE_SITE": "www.example.com"].merging(more) { $1 }).site
      return SiteSettings.doubtsAboutGate(site, at: now).map(\.name)
    }
    #expect(try doubts([:]) == [])
    #expect(try doubts(["PINGATE_PROOF_SINCE": "1800000000"]) == [])
    #expect(try doubts(["PINGATE_PROOF_SINCE": "1800000001"]) == ["PINGATE_PROOF_SINCE"])
    #expect(try doubts(["PINGATE_PROOF_SINCE": "1800000001", "PINGATE_GATE": "off"]) == [])
    #expect(try doubts(["PINGATE_PROOF_AUDIENCE": String(repeating: "a", count: 37)]) == ["PINGATE_PROOF_AUDIENCE"])
  }

  @Test(arguments: complete.keys.sorted())
  func `lack each of those by its name, once`(name: String) {
    #expect(problems(without: name) == [name])
  }

  @Test(arguments: complete.keys.sorted() + ["PINGATE_COUNTRIES"])
  func `that are there and cannot be read are not called missing`(name: String) {
    #expect(problems([name: "x # y"], without: name == "PINGATE_COUNTRIES" ? "PINGATE_HOME_COUNTRY" : nil) == [name])
    var environment = Self.complete
    environment[name] = nil
    if name == "PINGATE_COUNTRIES" { environment["PINGATE_HOME_COUNTRY"] = nil }
    let file = ConfigurationFile(path: "f", text: "\(name)='x")
    let failure = #expect(throws: SettingsProblems.self) {
      try Settings(SettingsSource(environment: environment, file: file))
    }
    #expect(failure?.all.map(\.name) == ["f:1"])
  }

  @Test func `tell all that is wrong at once`() {
    let wrong = problems(
      [
        "PINGATE_COLOR": "red", "PINGATE_KEY": "short", "PINGATE_WORKFLOW_ID": "8", "PINGATE_LISTEN": "0.0.0.0:9000",
        "PINGATE_LOGOO": "/x",
      ], without: "VONAGE_API_KEY")
    #expect(
      Set(wrong) == [
        "PINGATE_COLOR", "PINGATE_KEY", "PINGATE_WORKFLOW_ID", "PINGATE_LISTEN", "PINGATE_LOGOO", "VONAGE_API_KEY",
      ])
    #expect(wrong.count == 6)
  }

  @Test func `tell of templates and files together with everything else`() throws {
    try withTemporaryFolder { folder in
      try "{{#broken".write(toFile: folder + "/pin.mustache", atomically: true, encoding: .utf8)
      let wrong = problems(["PINGATE_PAGES": folder, "PINGATE_WWW": folder], without: "VONAGE_API_KEY")
      #expect(Set(wrong) == ["PINGATE_PAGES", "PINGATE_WWW", "VONAGE_API_KEY"])
    }
  }

  @Test func `never repeat a secret in a complaint`() {
    let secret = "hunter2\u{7}"
    do {
      _ = try settings([
        "VONAGE_API_SECRET": secret, "PINGATE_KEY": secret, "PINGATE_PROXY": "ftp://u:hunter2@x",
        "PINGATE_STORE": "redis://:hunter2", "PINGATE_ALERT_SECRET": "hunter2",
      ])
      Issue.record("nothing was wrong")
    } catch {
      #expect(!"\(error)".contains("hunter2"))
    }
  }

  @Test(
    arguments: [
      ("PINGATE_PREFIX", ["/phone", "/a/b-c_d.e~f"], ["phone", "/", "/phone/", "//x", "/a b", "/ä", "/a?b"]),
      (
        "PINGATE_ORIGINS",
        ["https://www.example.com", "https://a.example http://b.example:8080", "https://a.example,https://b.example"],
        [
          "example.com", "https://a.example/x", "https://", "https://u@a", "https://*.example", "https://a:0", "null",
          ",",
        ]
      ),
      (
        "PINGATE_CONTINUE_URL", ["/", "/welcome?x=1", "https://example.com/x"],
        ["welcome", "//evil.example", "http://example.com", "javascript:alert(1)", "/\\evil", "/a b"]
      ),
      ("PINGATE_LOGO", ["/logo.svg"], ["logo.svg", "//evil.example/logo.svg", "https://x/logo.svg", "/a'b"]),
      ("PINGATE_COLOR", ["#0057b8", "#FFFFFF"], ["red", "#fff0000", "0057b8"]),
      ("PINGATE_API_TIMEOUT", ["1", "12"], ["0", "13", "1.5", "x", ""]),
      ("PINGATE_THREADS", ["1", "64"], ["0", "65", "many"]),
      ("PINGATE_REQUESTS_IN_FLIGHT", ["1", "100000"], ["0", "100001", "-1"]),
      ("PINGATE_WORKFLOW_ID", ["1", "7"], ["0", "8", "one"]),
      ("PINGATE_PIN_EXPIRY", ["60", "600"], ["59", "601"]),
      ("PINGATE_NEXT_EVENT_WAIT", ["60", "900"], ["59", "901"]),
      ("PINGATE_HOME_COUNTRY", ["US", "gb"], ["UK", "USA", "US CA", "1", ","]),
      ("PINGATE_COUNTRIES", ["US", "us,gb", "US CA GB"], ["UK", "US UK", "USA", ","]),
      ("PINGATE_LIMITS", ["enforce", "watch"], ["off", "ENFORCE"]),
      ("PINGATE_LIMIT_SITE_HOUR", ["0", "1000000", "off"], ["1000001", "-1", "x", "1.5", "OFF"]),
      (
        "PINGATE_LIMIT_COOLDOWNS", ["60 120", "0", "86400", "off", "1,2,3,4,5,6,7,8,9,10"],
        ["86401", "-1", "a", ",", "1 off"]
      ),
      ("PINGATE_LIMIT_RESEND_COOLDOWNS", ["30"], ["1 2 3 4 5 6 7 8 9 10 11"]),
      ("PINGATE_LIMIT_RESERVE", ["0", "90"], ["91", "-1"]),
      ("PINGATE_LIMIT_TRUSTED_DAYS", ["0", "400"], ["401"]),
      ("PINGATE_LIMIT_GRACE", ["0", "3600"], ["-1", "3601"]), ("PINGATE_LIMIT_SHARE", ["on", "off"], ["no"]),
      (
        "PINGATE_TRUSTED_PROXIES", ["10.0.0.0/8", "127.0.0.1, ::1 2001:db8::/32"],
        ["10.0.0.0/8 proxy.example.com", "0.0.0.0/0", "10.0.0.0/33"]
      ),
      (
        "PINGATE_STORE",
        [
          "sqlite:/var/lib/x.sqlite", "redis://127.0.0.1", "rediss://u:p@h:6380/1", "unix:/run/redis.sock",
          "redis+sentinel://a:1,b:2/main",
        ],
        ["sqlite:x", "sqlite:", "sqlite:/x/", "/var/lib/x.sqlite", "mysql://x", "redis://h:x", "redis+sentinel://a"]
      ),
      ("PINGATE_ALERT_SECRET", ["0123456789abcdef"], ["0123456789abcde"]),
      ("PINGATE_ALERT_COMMAND", ["/usr/local/bin/alert"], ["alert", "./alert"]),
      ("PINGATE_SENDER_ID", ["A", "Shop4711abc"], ["Shop4711abcd", "a b"]),
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

  @Test func `want a secret for the alerts' URL, and a URL that nobody can listen to`() throws {
    let secret = ["PINGATE_ALERT_SECRET": "0123456789abcdef"]
    #expect(problems(["PINGATE_ALERT_URL": "https://hooks.example.com/x"]) == ["PINGATE_ALERT_SECRET"])
    #expect(problems(["PINGATE_ALERT_URL": "https://hooks.example.com/x"].merging(secret) { $1 }) == [])
    #expect(problems(["PINGATE_ALERT_URL": "http://127.0.0.1:8080/x"].merging(secret) { $1 }) == [])
    #expect(
      Set(problems(["PINGATE_ALERT_URL": "http://hooks.example.com"])) == ["PINGATE_ALERT_URL", "PINGATE_ALERT_SECRET"])
    #expect(try settings(["PINGATE_ALERT_COMMAND": "/bin/x"]).process.alerts.command == "/bin/x")
    #expect(try settings().process.alerts.webhook?.url == nil)
  }

  @Test func `do not take a proxy from the variables that a visitor's header can make`() throws {
    let settings = try settings(["HTTP_PROXY": "http://evil.example", "https_proxy": "http://evil.example"])
    #expect(settings.process.client.proxy == nil)
  }

  @Test(arguments: [(4_096, true), (4_097, false)])
  func `have a longest value`(length: Int, isTaken: Bool) {
    let path = "/" + String(repeating: "x", count: length - 1)
    #expect(problems(["PINGATE_CONTINUE_URL": path]) == (isTaken ? [] : ["PINGATE_CONTINUE_URL"]))
  }
}

extension Settings {
  fileprivate var vonage: VonageSettings {
    switch site.provider {
    case .vonageV1(let settings): settings
    }
  }
}
