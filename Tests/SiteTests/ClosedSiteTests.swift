import Gateway
import HTTPTypes
import Logging
import Testing

@testable import Site

@Test func `a site with broken settings answers everything with 503 and no details`() async throws {
  let log = RecordedLog()
  let site = ClosedSite(pages: Pages(brand: Brand()), log: log.logger())
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
  #expect(log.lines.allSatisfy { $0.message == "site.not_configured" && $0.level == .debug })
}

@Test func `its style sheet is there, wherever it is mounted`() async throws {
  let site = ClosedSite(pages: Pages(brand: Brand()), log: RecordedLog().logger())
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
  let site = ClosedSite(pages: Pages(brand: Brand()), log: RecordedLog().logger())
  #expect(await site.respond(to: request).status == .serviceUnavailable)
}
