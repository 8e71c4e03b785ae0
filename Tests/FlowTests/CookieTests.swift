import Gateway
import HTTPTypes
import Limits
import Testing

@testable import Flow
@testable import Pages

private func cookie(_ more: [String: String] = [:], path: String = "/register") async throws -> String? {
  await (try TestSite()).post(path, "number=12025550143", more).fields[.setCookie]
}

@Test func `the first answer to a form hands out a cookie`() async throws {
  let field = try #require(try await cookie())
  #expect(
    field.wholeMatch(of: /pingate-browser=[A-Za-z0-9_-]{22}; Path=\/; Max-Age=15552000; HttpOnly; SameSite=Lax/) != nil)
  #expect(try await cookie() != field)
}

@Test(arguments: [
  ["HTTPS": "on"], ["HTTPS": "1"], ["HTTPS": "ON"], ["REQUEST_SCHEME": "https"],
])
func `over HTTPS it belongs to this host alone`(more: [String: String]) async throws {
  let field = try #require(try await cookie(more))
  #expect(field.hasPrefix("__Host-pingate-browser=") && field.hasSuffix("; SameSite=Lax; Secure"))
}

@Test(arguments: [["HTTPS": "off"], ["HTTPS": "0"], ["REQUEST_SCHEME": "http"]])
func `over plain HTTP it does not say Secure`(more: [String: String]) async throws {
  #expect(try await cookie(more)?.contains("Secure") == false)
}

@Test(arguments: [
  ("pingate-browser=AAAAAAAAAAAAAAAAAAAAAA", true), ("a=b; pingate-browser=AAAAAAAAAAAAAAAAAAAAAA;c=d", true),
  ("pingate-browser=AAAAAAAAAAAAAAAAAAAAA", false), ("pingate-browser=AAAAAAAAAAAAAAAAAAAAAB", false),
  ("xpingate-browser=AAAAAAAAAAAAAAAAAAAAAA", false),
  ("__Host-pingate-browser=AAAAAAAAAAAAAAAAAAAAAA", false), ("pingate-browser=", false),
  ("pingate-browser=AAAAAAAAAAAAAAAAAAAAA!", false),
])
func `a browser that brings a cookie of ours keeps it`(header: String, isOurs: Bool) async throws {
  #expect((try await cookie(["HTTP_COOKIE": header]) == nil) == isOurs)
}

@Test func `a page that is only read, and a foreign form, hand out none`() async throws {
  let test = try TestSite()
  #expect(await test.get("/").fields[.setCookie] == nil)
  #expect(await test.get("/nothing").fields[.setCookie] == nil)
  let foreign = await test.post("/register", "number=12025550143", ["HTTP_SEC_FETCH_SITE": "cross-site"])
  #expect(foreign.fields[.setCookie] == nil)
}

@Test(arguments: ["resend", "call", "cancel"])
func `another browser's page has no buttons for this one`(button: String) async throws {
  let test = try TestSite()
  let page = await Browser(test).register()
  let other = Browser(test, at: "198.51.100.1")
  _ = await other.register("+1 202 555 0199")
  test.clock.advance(by: .seconds(60))
  let response = try await other.press(button, on: page)
  #expect(response.status == .badRequest)
  #expect(response.heading == "We do not recognize this form")
  #expect(test.verifier.sentAgain.isEmpty && test.verifier.cancelled.isEmpty)
}

@Test func `another browser's PIN is not checked for this one`() async throws {
  let test = try TestSite()
  let page = await Browser(test).register()
  let other = Browser(test, at: "198.51.100.1")
  _ = await other.register("+1 202 555 0199")
  let response = try await other.verify(page)
  #expect(response.status == .badRequest && response.heading == "We do not recognize this form")
  #expect(test.verifier.checked.isEmpty)
}

@Test func `a browser that keeps no cookies goes the whole way`() async throws {
  let test = try TestSite()
  let token = try await test.token()
  test.clock.advance(by: .seconds(30))
  let page = await test.post("/resend", "requestId=\(token)")
  #expect(page.status == .ok && test.verifier.sentAgain.count == 1)
  #expect(await test.verify(try #require(page.token)).heading == "Account verified!")
}

@Test func `a form on another site that the owner allows leaves the browser's cookie alone`() async throws {
  let settings = FlowSettings(identity: "www.example.com", allowedOrigins: ["https://static.example"])
  let test = try TestSite(settings: settings)
  // Browsers send no cookie along with such a form.
  let foreign = ["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://static.example"]
  let page = await test.post("/register", "number=12025550143", foreign)
  #expect(page.status == .ok && page.fields[.setCookie] == nil)
  // The page that it leads to is this site's own.
  test.clock.advance(by: .seconds(30))
  let cookie = ["HTTP_COOKIE": "pingate-browser=AAAAAAAAAAAAAAAAAAAAAA"]
  #expect(await test.post("/resend", "requestId=\(try #require(page.token))", cookie).status == .ok)
}

@Test func `where no browser is trusted it lives for a day, so that browsers are still told apart`() async throws {
  var policy = LimitsPolicy()
  policy.trustedLife = .zero
  let test = try TestSite(policy: policy)
  let field = try #require(await test.post("/register", "number=12025550143").fields[.setCookie])
  #expect(field.contains("; Max-Age=86400;"))
}

@Test func `a browser in which a number was verified gets its cookie anew, for as long as that is known`() async throws
{
  let test = try TestSite()
  let cookie = ["HTTP_COOKIE": "pingate-browser=AAAAAAAAAAAAAAAAAAAAAA"]
  let page = await test.post("/register", "number=12025550143", cookie)
  #expect(page.fields[.setCookie] == nil)
  let body = "requestId=\(try #require(page.token))&pin=123456"
  let done = await test.post("/verify", body, cookie)
  #expect(done.heading == "Account verified!")
  #expect(
    done.fields[.setCookie]?.hasPrefix("pingate-browser=AAAAAAAAAAAAAAAAAAAAAA; Path=/; Max-Age=15552000;") == true)
}

@Test func `a token made for one site is refused by another over HTTP`() async throws {
  let token = try await TestSite(settings: FlowSettings(identity: "one")).token()
  let other = try TestSite(settings: FlowSettings(identity: "two"))
  #expect(await other.verify(token).status == .badRequest)
  #expect(other.verifier.checked.isEmpty)
}
