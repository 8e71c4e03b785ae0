import Gateway
import HTTPTypes
import Testing

@testable import Flow
@testable import Pages

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
  // The web server says the host without its port (Debian's fastcgi_params).
  (["HTTP_ORIGIN": "http://www.example.com:8080", "SERVER_PORT": "8080"], true),
  (["HTTP_REFERER": "http://www.example.com:8080/", "SERVER_PORT": "8080"], true),
  (["HTTP_ORIGIN": "http://www.example.com", "SERVER_PORT": "8080"], true),
  (["HTTP_ORIGIN": "http://[::1]:8080", "HTTP_HOST": "[::1]", "SERVER_PORT": "8080"], true),
  (["HTTP_ORIGIN": "http://www.example.com:8081", "SERVER_PORT": "8080"], false),
  (["HTTP_ORIGIN": "http://www.example.com:8080", "SERVER_PORT": "8080x"], false),
  (["HTTP_ORIGIN": "http://www.example.com:8080", "SERVER_PORT": ""], false),
  (["HTTP_ORIGIN": "http://evil.example:8080", "SERVER_PORT": "8080"], false),
  (["HTTP_ORIGIN": "http://www.example.com:8080", "SERVER_PORT": "8080", "HTTP_SEC_FETCH_SITE": "same-site"], false),
  // A host that has a port is the visitor's own word: the server's is another one behind a proxy.
  (["HTTP_ORIGIN": "http://www.example.com:8080", "HTTP_HOST": "www.example.com:443", "SERVER_PORT": "8080"], false),
  (["HTTP_ORIGIN": "http://www.example.com:8080", "HTTP_HOST": "www.example.com:9", "SERVER_PORT": "8080"], false),
  (["HTTP_ORIGIN": "http://[::1]:8080", "HTTP_HOST": "[::1]:9", "SERVER_PORT": "8080"], false),
  // No host at all (HTTP/3, HTTP/1.0): the server's own name and port.
  (["HTTP_ORIGIN": "https://a.example", "HTTP_HOST": "", "SERVER_NAME": "a.example", "SERVER_PORT": "443"], true),
  (["HTTP_ORIGIN": "https://a.example:81", "HTTP_HOST": "", "SERVER_NAME": "a.example", "SERVER_PORT": "81"], true),
  (["HTTP_ORIGIN": "https://a.example", "HTTP_HOST": "", "SERVER_NAME": "A.example"], true),
  (["HTTP_ORIGIN": "https://a.example", "HTTP_HOST": "", "SERVER_NAME": "a.example", "SERVER_PORT": "81"], false),
  (["HTTP_ORIGIN": "https://a.example:82", "HTTP_HOST": "", "SERVER_NAME": "a.example", "SERVER_PORT": "81"], false),
  (["HTTP_ORIGIN": "https://a.example", "SERVER_NAME": "a.example", "SERVER_PORT": "443"], false),
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

@Test(arguments: ["HTTP_ORIGIN", "HTTP_SEC_FETCH_SITE", "HTTP_REFERER"])
func `an empty header behind a foreign one does not hide it`(name: String) async throws {
  let test = try TestSite()
  var request = Request.make(.post, "/register", ["HTTP_SEC_FETCH_SITE": ""], body: .bytes(Array("number=1".utf8)))
  request.parameters = Parameters(request.parameters.all + [(name, "https://evil.example"), (name, "")])
  #expect(await test.site.respond(to: request).status == .forbidden)
}

@Test func `of two hosts the last one counts, which the owner has put there`() async throws {
  let test = try TestSite()
  for (origin, status) in [("http://b.example:81", HTTPResponse.Status.ok), ("http://b.example", .forbidden)] {
    let headers = ["HTTP_SEC_FETCH_SITE": "", "HTTP_HOST": "b.example", "HTTP_ORIGIN": origin]
    var request = Request.make(.post, "/register", headers, body: .bytes(Array("number=12025550143".utf8)))
    request.parameters = Parameters(request.parameters.all + [("HTTP_HOST", "b.example:81")])
    #expect(await test.respond(to: request).status == status)
  }
}

@Test func `the log names what was compared, cut short and without a path`() async throws {
  let test = try TestSite()
  _ = await test.post(
    "/register", "number=1",
    [
      "HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://" + String(repeating: "e", count: 5000),
      "HTTP_REFERER": "https://evil.example/?number=12025550143",
    ])
  let metadata = try #require(test.log.lines.last).metadata
  #expect(test.log.lines.last?.message == "request.cross_site")
  #expect(metadata["host"] == "www.example.com")
  #expect(metadata["origin"] == "https://" + String(repeating: "e", count: 92) + "…")
  #expect(metadata["referer"] == "https://evil.example")
  #expect(metadata["fetch-site"] == "cross-site")
}

@Test(arguments: ["https://e\u{301}\u{301}vil", "null", "/?number=1", "", "x:y?12025550143", "://", "#", "https://?1"])
func `the log has no more of a header than an origin`(header: String) async throws {
  let test = try TestSite()
  _ = await test.post(
    "/register", "number=1", ["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_REFERER": header, "HTTP_HOST": header])
  let referrer = test.log.lines.last?.metadata["referer"] ?? ""
  #expect(!referrer.contains("1") && header.hasPrefix(referrer))
}

@Test func `a form whose page is hidden gets words of its own`() async throws {
  let test = try TestSite()
  let hidden = await test.post("/register", "number=1", ["HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "null"])
  #expect(hidden.status == .forbidden && hidden.text.contains("another browser"))
  #expect(test.log.lines.last?.message == "request.origin_hidden")
  #expect(test.log.lines.last?.metadata["origin"] == "null")
  let foreign = await test.post("/register", "number=1", ["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "null"])
  #expect(foreign.status == .forbidden && foreign.heading == "This form came from another site")
}

@Test func `every page of ours says which page its form is on, whatever the site's own rule is`() async throws {
  let test = try TestSite()
  let pages = [
    await test.get("/"), await test.post("/register", "number=12025550143"), await test.post("/register", "number=x"),
    await test.get("/nothing"),
  ]
  for page in pages {
    #expect(page.text.contains(#"<meta name="referrer" content="same-origin">"#))
  }
}

@Test func `a header without a host to compare it with is not the site's own`() async throws {
  let test = try TestSite()
  let headers = ["HTTP_SEC_FETCH_SITE": "", "HTTP_ORIGIN": "https://www.example.com", "HTTP_HOST": ""]
  #expect(await test.post("/register", "number=12025550143", headers).status == .forbidden)
}

@Test func `another site that the owner names may hold the form`() async throws {
  let test = try TestSite(settings: FlowSettings(identity: "x", allowedOrigins: ["https://Static.Example"]))
  let foreign = ["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://static.example"]
  #expect(await test.post("/register", "number=12025550143", foreign).status == .ok)
  let other = foreign.merging(["HTTP_ORIGIN": "https://static.example.evil"]) { $1 }
  #expect(await test.post("/register", "number=12025550143", other).status == .forbidden)
}
