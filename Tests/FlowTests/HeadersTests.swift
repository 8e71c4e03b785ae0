import Crypto
import Foundation
import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Flow
@testable import Pages

private func htmlAnswers(_ test: TestSite) async throws -> [Response] {
  let token = try await test.token()
  return [
    await test.get("/nothing"), await test.get("/register"), await test.post("/register", "number="),
    await test.post("/register", "number=12025550143"), await test.post("/verify", "requestId=x&pin=1"),
    await test.verify(token, pin: "1"), await test.verify(token), test.site.overloaded(.make(.get, "/")),
    await test.post("/register", "", ["HTTP_SEC_FETCH_SITE": "cross-site"]),
    await UnconfiguredSite(pages: Pages(brand: Brand()), log: test.log.logger()).respond(to: .make(.get, "/")),
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
        == "default-src 'none'; \(response.scriptRule)style-src 'self'; img-src 'self'; form-action 'self'; frame-ancestors 'none'; "
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

@Test func `the style element with the brand's color is admitted by its hash, and only where there is one`()
  async throws
{
  let colored = try TestSite(brand: Brand(name: "Acme", color: Color("#0f766e")))
  for response in [await colored.get("/"), await colored.post("/register", "number=12025550143")] {
    let style = try #require(response.text.firstMatch(of: /<style>(.*)<\/style>/)?.1)
    #expect(style.contains("--accent:#0f766e"))
    let hash = Data(SHA256.hash(data: Data(style.utf8))).base64EncodedString()
    #expect(response.fields[.contentSecurityPolicy]?.contains("style-src 'self' 'sha256-\(hash)';") == true)
  }
  let plain = await (try TestSite()).get("/")
  #expect(!plain.text.contains("<style"))
  #expect(plain.fields[.contentSecurityPolicy]?.contains("sha256") == false)
}

@Test func `the script of the PIN page is admitted by its hash, and no other page has one`() async throws {
  let test = try TestSite()
  let pin = await test.post("/register", "number=12025550143")
  #expect(pin.heading == "Enter your PIN")
  #expect(pin.fields[.contentSecurityPolicy]?.contains("; script-src 'sha256-") == true)
  #expect(pin.fields[.contentSecurityPolicy]?.contains("unsafe") == false)
  for response in [await test.get("/"), await test.post("/register", "number=")] {
    #expect(response.fields[.contentSecurityPolicy]?.contains("script-src") == false)
  }
}

@Test(arguments: ["<script>", "<SCRIPT type=\"module\">"], ["\n", "\r\n", "\r"])
func `the hash follows the script that an owner has edited`(tag: String, lineEnd: String) throws {
  try withTemporaryFolder { folder in
    let script = "\(lineEnd)document.title = '☎'\(lineEnd)"
    let text = String(decoding: TemplateName.pin.builtIn, as: UTF8.self)
      .replacing(/<script>[^§]*<\/script>/, with: "\(tag)\(script)</script>")
    try Data(text.utf8).write(to: folder.appending(path: "pin.mustache"))
    let pages = try Pages(brand: Brand(), overrides: folder.path)
    let parsed = script.replacing("\r\n", with: "\n").replacing("\r", with: "\n")
    #expect(pages.page(.pin(nil, .text)).scripts == [parsed])
  }
}

@Test func `a visitor's text is never a script`() async throws {
  let response = try await TestSite().post("/register", "number=" + "<script>alert(1)</script>".formEncoded)
  #expect(response.status == .unprocessableContent)
  #expect(response.text.contains("&lt;script&gt;") && response.scriptRule.isEmpty)
}

extension Response {
  /// What its header must say of the scripts in it.
  fileprivate var scriptRule: String {
    let hashes = text.matches(of: /<script>([^§]*?)<\/script>/).map {
      "'sha256-\(Data(SHA256.hash(data: Data($0.1.utf8))).base64EncodedString())'"
    }
    return hashes.isEmpty ? "" : "script-src \(hashes.joined(separator: " ")); "
  }
}

@Test func `nothing in a page needs more than its policy allows`() async throws {
  for response in try await htmlAnswers(try TestSite()) {
    let text = response.text.replacing(/<script>[^§]*?<\/script>/, with: "")
    #expect(text.firstMatch(of: /<script|\sstyle=|\son[a-z]+=|https?:|data:/) == nil)
  }
}
