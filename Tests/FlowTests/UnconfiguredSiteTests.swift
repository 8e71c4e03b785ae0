import Gateway
import HTTPTypes
import Logging
import Testing

@testable import Flow
@testable import Pages

@Test func `a site with broken settings answers everything with 503 and no details`() async throws {
  let log = RecordedLog()
  let site = UnconfiguredSite(pages: Pages(brand: Brand()), log: log.logger())
  for path in ["/", "/register", "/verify", "/nothing", "", "/style.css/x"] {
    for method in [HTTPRequest.Method.get, .post, .head] {
      let response = await site.respond(to: .make(method, path))
      #expect(response.status == .serviceUnavailable)
      #expect(response.fields[.retryAfter] == "300")
      #expect(response.body.isEmpty == (method == .head))
      #expect(method == .head || response.heading == "Not available right now")
      #expect(response.text.firstMatch(of: /(?i)setting|configur|PINGATE|VONAGE/) == nil)
    }
  }
  #expect(log.lines.allSatisfy { $0.message == "site.not_configured" && $0.level == .error })
}

@Test func `a reference on its page is in the log, which cannot be filled`() async throws {
  let log = RecordedLog()
  let clock = ManualInstant()
  let site = UnconfiguredSite(pages: Pages(brand: Brand()), log: log.logger(level: .info)) { clock.now }
  func references(_ count: Int) async -> [String] {
    var found: [String] = []
    for _ in 0..<count {
      let text = await site.respond(to: .make(.get, "/")).text
      if let reference = text.firstMatch(of: /<code>([^<]+)<\/code>/) { found.append(String(reference.1)) }
    }
    return found
  }
  #expect(await references(100) == log.lines.compactMap { $0.metadata["exchange"] })
  #expect(log.lines.count == 20)
  clock.advance(by: .seconds(60))
  #expect(await references(1) == [try #require(log.lines.last?.metadata["exchange"])])
  #expect(log.lines.count == 21)
}

/// Safe to share: one test moves it.
private final class ManualInstant: @unchecked Sendable {
  private(set) var now = ContinuousClock.now

  func advance(by time: Duration) { now += time }
}

@Test func `its style sheet is there, wherever it is mounted`() async throws {
  let site = UnconfiguredSite(pages: Pages(brand: Brand()), log: RecordedLog().logger())
  for path in ["/style.css", "/phone/style.css"] {
    let response = await site.respond(to: .make(.get, path))
    #expect(response.status == .ok)
    #expect(response.fields[.contentType] == "text/css; charset=utf-8")
    #expect(response.body == Pages(brand: Brand()).styleSheet)
  }
  #expect(await site.respond(to: .make(.post, "/style.css")).status == .serviceUnavailable)
}

@Test func `a closed site authorizes nobody`() async throws {
  var request = Request.make(.get, "/style.css")
  request.role = .authorizer
  let site = UnconfiguredSite(pages: Pages(brand: Brand()), log: RecordedLog().logger())
  #expect(await site.respond(to: request).status == .serviceUnavailable)
}
