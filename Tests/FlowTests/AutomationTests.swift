import Foundation
import Gateway
import HTTPTypes
import Limits
import Testing
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

private func site(
  _ policy: LimitsPolicy = LimitsPolicy(), folder: String? = nil, fastest: Duration = .seconds(1)
) throws -> TestSite {
  try TestSite(
    settings: FlowSettings(identity: "www.example.com", staticFolder: folder, fastestForm: fastest), policy: policy)
}

extension Response {
  fileprivate var shown: String? { text.firstMatch(of: /name="shown" value="([^"]+)"/).map { String($0.1) } }
}

@Test func `who fills in what people do not see gets no message and no reason`() async throws {
  let test = try site()
  let page = await test.post("/register", "number=%2B12025550143&pingate-comment=hello")
  #expect(page.status == .tooManyRequests)
  #expect(page.text.contains("We cannot send messages right now. Try again in 1 minute."))
  #expect(test.verifier.started.isEmpty)
  #expect(test.log.lines.last?.message == "start.automated" && test.log.lines.last?.metadata["reason"] == "field")
  #expect(!test.log.lines.contains { "\($0)".contains("hello") })
  // A program that has no such field, and a browser that leaves it empty.
  for body in ["number=%2B12025550143", "number=%2B12025550144&pingate-comment="] {
    #expect(await test.post("/register", body).status == .ok)
  }
}

@Test func `it counts against its source, and against nobody else`() async throws {
  let policy = LimitsPolicy(limits: [
    .addressHour: Limit(2, per: .seconds(3600)), .siteHour: Limit(1, per: .seconds(3600)),
    .numberDay: Limit(1, per: .seconds(86_400)),
  ])
  let test = try site(policy)
  for _ in 0..<2 { _ = await Browser(test).post("/register", "number=%2B12025550143&pingate-comment=x") }
  #expect(await Browser(test).register().text.contains("from your connection"))
  #expect(try await test.sends() == 0)
  #expect(await Browser(test, at: "198.51.100.1").register().status == .ok)
}

@Test func `the field is hidden from everybody, and nothing fills it in`() async throws {
  let page = await (try site()).get("/").text
  #expect(page.contains(#"<div class="hidden" aria-hidden="true">"#))
  #expect(page.contains(#"name="pingate-comment" tabindex="-1" autocomplete="off">"#))
}

@Test(arguments: [(0, false), (1, true), (86_400, true)])
func `a form that comes back sooner than hands can type is no person's`(age: Int, isPerson: Bool) async throws {
  let test = try site()
  let shown = try #require(await test.get("/").shown)
  test.clock.advance(by: .seconds(age))
  let page = await test.post("/register", "number=%2B12025550143&shown=\(shown)")
  #expect((page.status == .ok) == isPerson)
  #expect(test.verifier.started.count == (isPerson ? 1 : 0))
  #expect(isPerson || test.log.lines.last?.metadata["reason"] == "haste")
  // The form that comes with it is no first one.
  #expect(isPerson || page.shown == nil)
}

@Test func `a form without a time, or with another's, is not judged`() async throws {
  let test = try site()
  let other = try TestSite(
    settings: FlowSettings(identity: "other", fastestForm: .seconds(1)))
  let foreign = try #require(await other.get("/").shown)
  for body in ["", "&shown=", "&shown=x", "&shown=\(foreign)"] {
    #expect(await test.post("/register", "number=%2B12025550143" + body).status == .ok)
  }
}

@Test func `a page that a browser has kept is an old one`() async throws {
  let test = try site()
  let first = await test.get("/")
  let tag = try #require(first.fields[.eTag])
  #expect(tag.hasPrefix("W/\""))
  test.clock.advance(by: .seconds(5))
  let kept = await test.get("/", ["HTTP_IF_NONE_MATCH": tag])
  #expect(kept.status == .notModified && kept.fields[.eTag] == tag)
  let second = await test.get("/")
  #expect(second.fields[.eTag] == tag && second.shown != first.shown)
  #expect(second.fields[.contentLength] == first.fields[.contentLength])
  #expect(await test.post("/register", "number=%2B12025550143&shown=\(try #require(first.shown))").status == .ok)
}

@Test func `a site's own first form, and that of a site that does not look, have no time in it`() async throws {
  #expect(await (try site(fastest: .zero)).get("/").shown == nil)
  let folder = Repository.folder.appending(path: "www").path
  #expect(await (try site(folder: folder)).get("/").shown == nil)
}

@Test func `watched, a robot's form is sent and told of`() async throws {
  var policy = LimitsPolicy()
  policy.mode = .watch
  let test = try site(policy)
  #expect(await test.post("/register", "number=%2B12025550143&pingate-comment=x").status == .ok)
}
