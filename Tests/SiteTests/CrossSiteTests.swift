import Gateway
import HTTPTypes
import Testing

@testable import Site

/// What the headers are, and whether the form is taken.
private let cases: [(headers: [String: String], isOwn: Bool)] = [
  (["HTTP_SEC_FETCH_SITE": "same-origin"], true),
  (["HTTP_SEC_FETCH_SITE": "none"], true),
  (["HTTP_SEC_FETCH_SITE": "cross-site"], false),
  (["HTTP_SEC_FETCH_SITE": "same-site"], false),
  (["HTTP_SEC_FETCH_SITE": "nonsense"], false),
  // Fetch metadata is believed over the rest.
  (["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://www.example.com"], false),
  (["HTTP_ORIGIN": "https://www.example.com"], true),
  (["HTTP_ORIGIN": "http://www.example.com:80"], true),
  (["HTTP_ORIGIN": "HTTPS://WWW.EXAMPLE.COM"], true),
  (["HTTP_ORIGIN": "https://www.example.com:8443"], false),
  (["HTTP_ORIGIN": "https://evil.example"], false),
  (["HTTP_ORIGIN": "https://www.example.com.evil.example"], false),
  (["HTTP_ORIGIN": "https://www.example.com@evil.example"], false),
  (["HTTP_ORIGIN": "ftp://www.example.com"], false),
  (["HTTP_ORIGIN": "null"], false),
  (["HTTP_ORIGIN": "null", "HTTP_REFERER": "https://www.example.com/"], false),
  (["HTTP_REFERER": "https://www.example.com/index.html?x"], true),
  (["HTTP_REFERER": "https://evil.example/www.example.com"], false),
  (["HTTP_REFERER": "https://user@www.example.com/"], false),
  (["HTTP_REFERER": "nonsense"], false),
  (["HTTP_ORIGIN": "http://127.0.0.1:8080", "HTTP_HOST": "127.0.0.1:8080"], true),
  (["HTTP_ORIGIN": "http://127.0.0.1:8081", "HTTP_HOST": "127.0.0.1:8080"], false),
  (["HTTP_ORIGIN": "http://[::1]:8080", "HTTP_HOST": "[::1]:8080"], true),
  // A program, which has no visitor's browser to misuse.
  ([:], true),
]

@Test(arguments: cases.indices)
func `a form is taken from the site's own pages`(index: Int) async throws {
  let (headers, isOwn) = cases[index]
  for path in ["/register", "/verify"] {
    let test = try TestSite()
    let token = try await test.token()
    let sent = test.verifier.started.count
    test.clock.advance(by: .seconds(60))
    let response = await test.post(
      path, "number=12025550143&pin=123456&requestId=\(token)", ["HTTP_SEC_FETCH_SITE": ""].merging(headers) { $1 })
    #expect(response.status == (isOwn ? .ok : .forbidden), "\(path) \(headers)")
    #expect(test.verifier.started.count - sent + test.verifier.checked.count == (isOwn ? 1 : 0))
  }
}

@Test func `contradictory headers are not the site's own`() async throws {
  let test = try TestSite()
  for name in ["HTTP_SEC_FETCH_SITE", "HTTP_ORIGIN", "HTTP_REFERER"] {
    let own = name == "HTTP_SEC_FETCH_SITE" ? "same-origin" : "https://www.example.com/"
    var request = Request.make(.post, "/register", ["HTTP_SEC_FETCH_SITE": ""], body: .bytes(Array("number=1".utf8)))
    request.parameters = Parameters(request.parameters.all + [(name, own), (name, "https://evil.example/")])
    #expect(await test.site.respond(to: request).status == .forbidden)
  }
}

@Test func `a header without a host to compare it with is not the site's own`() async throws {
  let test = try TestSite()
  let headers = ["HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "https://www.example.com", "HTTP_HOST": ""]
  #expect(await test.post("/register", "number=12025550143", headers).status == .forbidden)
}

@Test func `another site that the owner names may hold the form`() async throws {
  let test = try TestSite(settings: SiteSettings(identity: "x", allowedOrigins: ["https://Static.Example"]))
  let foreign = ["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://static.example"]
  #expect(await test.post("/register", "number=12025550143", foreign).status == .ok)
  let other = foreign.merging(["HTTP_ORIGIN": "https://static.example.evil"]) { $1 }
  #expect(await test.post("/register", "number=12025550143", other).status == .forbidden)
}
