import Curl
import FastCGI
import Foundation
import Testing

@testable import Flow
@testable import Program
@testable import RedisStore
@testable import SQLiteStore

/// No web server of an example gives a page up that PinGate is still at: its visitor would be without a page, and the message
/// sent.
@Suite struct `The longest that a page takes` {
  private static let store = max(SQLiteStore.timeout, RedisStore.timeout)
  private static let inLine = ServerLimits().longestInQueue
  private static let repository = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../..")

  private static func provider() throws -> Duration {
    let settings = try Settings(
      SettingsSource(environment: [
        "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "s3cret", "VONAGE_BRAND_NAME": "Example Shop",
        "PINGATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "PINGATE_HOME_COUNTRY": "US",
        "PINGATE_API_TIMEOUT": "12",
      ]))
    return settings.process.client.timeout
  }

  /// A message that the provider finds too early twice: as late as is still tried again, and after that the wait.
  private static func message() throws -> Duration { try Flow.shortWait * 2 + provider() }

  /// What is waited for, one after the other, where it is most: the line, a third party's word, the reservation, the message, the reservation that is given
  /// back, and two looks for the page of a request that runs already.
  private static func registering() throws -> Duration {
    try inLine + WidgetClient.usualTimeout + store + message() + store * 3
  }

  /// The line, the reservation, each look at a message that another form has asked for, and two more.
  private static var repeating: Duration { inLine + store + Flow.backoff.reduce(.zero, +) + store * 2 }

  @Test func `is less than any example waits`() throws {
    let examples = [
      "nginx.conf.example", "deploy/nginx-snippet.example", "deploy/lighttpd.conf.example",
      "deploy/lighttpd-phone.conf.example", "deploy/Caddyfile.example", "demo/nginx.conf",
    ]
    let longest = max(try Self.registering(), Self.repeating)
    for example in examples {
      let text = try String(contentsOf: Self.repository.appending(path: example), encoding: .utf8)
      let found = try #require(
        text.firstMatch(of: /read[-_]timeout["']?(?: =>)? (\d+)/), "\(example) has no time-out of its own")
      #expect(Duration.seconds(try #require(Int(found.1))) > longest, "\(example)")
    }
  }

  /// The store is taken to be quick: one that is not, just then, costs a page.
  @Test func `has its time when the program is told to stop`() throws {
    #expect(FastCGIServer.grace >= (try Self.message()) + .seconds(3))
    let unit = try String(contentsOf: Self.repository.appending(path: "deploy/pingate.service"), encoding: .utf8)
    let found = try #require(unit.firstMatch(of: /TimeoutStopSec=(\d+)/))
    #expect(Duration.seconds(try #require(Int(found.1))) > FastCGIServer.grace + .seconds(5))
  }
}
