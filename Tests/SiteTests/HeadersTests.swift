import Crypto
import Foundation
import Gateway
import HTTPTypes
import Testing

@testable import Site

private func htmlAnswers(_ test: TestSite) async throws -> [Response] {
  let token = try await test.token()
  return [
    await test.get("/nothing"), await test.get("/register"), await test.post("/register", "number="),
    await test.post("/register", "number=12025550143"), await test.post("/verify", "requestId=x&pin=1"),
    await test.verify(token, pin: "1"), await test.verify(token), test.site.overloaded,
    await test.post("/register", "", ["HTTP_SEC_FETCH_SITE": "cross-site"]),
    await ClosedSite(pages: Pages(brand: Brand()), log: test.log.logger()).respond(to: .make(.get, "/")),
  ]
}

@Test func `every page carries the headers that a page owes`() async throws {
  let test = try TestSite()
  for response in try await htmlAnswers(test) {
    let fields = response.fields
    #expect(fields[.contentType] == "text/html; charset=utf-8")
    #expect(fields[.cacheControl] == "no-store")
    #expect(fields[.xContentTypeOptions] == "nosniff")
    #expect(fields[.referrerPolicy] == "same-origin")
    #expect(
      fields[.contentSecurityPolicy]
        == "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
        + "base-uri 'none'")
    #expect(fields[.crossOriginOpenerPolicy] == "same-origin")
    #expect(fields[.crossOriginResourcePolicy] == "same-origin")
    #expect(fields[.permissionsPolicy]?.isEmpty == false)
    #expect(fields[.xFrameOptions] == "DENY")
    #expect(fields[.contentLength] == String(response.body.count))
  }
}

@Test func `the start page carries them too, and may be kept`() async throws {
  let test = try TestSite()
  let fields = await test.get("/").fields
  #expect(fields[.contentSecurityPolicy]?.contains("default-src 'none'") == true)
  #expect(fields[.xFrameOptions] == "DENY")
  #expect(fields[.cacheControl] == "no-cache")
}

@Test func `the style element with the brand's colour is admitted by its hash, and only where there is one`()
  async throws
{
  let coloured = try TestSite(brand: Brand(name: "Acme", colour: Colour("#0f766e")))
  for response in [await coloured.get("/"), await coloured.post("/register", "number=12025550143")] {
    let style = try #require(response.text.firstMatch(of: /<style>(.*)<\/style>/)?.1)
    #expect(style.contains("--accent:#0f766e"))
    let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
    #expect(response.fields[.contentSecurityPolicy]?.contains("style-src 'self' 'sha256-\(hash)';") == true)
  }
  let plain = await (try TestSite()).get("/")
  #expect(!plain.text.contains("<style"))
  #expect(plain.fields[.contentSecurityPolicy]?.contains("sha256") == false)
}

@Test func `nothing in a page needs more than its policy allows`() async throws {
  for response in try await htmlAnswers(try TestSite()) {
    #expect(response.text.firstMatch(of: /<script|\sstyle=|\son[a-z]+=|https?:|data:/) == nil)
  }
}
