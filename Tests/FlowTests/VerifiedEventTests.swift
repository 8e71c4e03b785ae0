import CounterStoreContract
import Foundation
import Gate
import Gateway
import HTTPTypes
import Limits
import Testing
import Threads
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

extension TestSite {
  /// Takes what waits: it is this test's from then on.
  fileprivate func waiting() async throws -> [VerifiedEvent] {
    let outbox = CounterKeys(keyring, site: "www.example.com").outbox
    return try await store.lease(outbox, atMost: 10).messages.compactMap { VerifiedEvent(content: $0.content) }
  }
}

@Test func `a success waits to be told, once, and nothing else does`() async throws {
  let told = Locked(0)
  let test = try TestSite(gate: GateSettings(audience: "www.example.com"), tellOfSuccess: { told.with { $0 += 1 } })
  let browser = Browser(test, isSecure: true)
  let page = await browser.register()
  test.verifier.onCheck(.success(.wrongCode))
  _ = try await browser.verify(page)
  #expect(try await test.waiting().isEmpty)
  test.verifier.onCheck(.success(.verified))
  #expect(try await browser.verify(page).status == .ok)
  #expect(try await browser.verify(page).status != .ok)
  let times = told.with { $0 }
  #expect(times == 1)

  let events = try await test.waiting()
  let event = try #require(events.first)
  #expect(events.count == 1 && event.id.hasPrefix("msg_") && event.content.count <= OutboxMessage.longest)
  let json = try #require(try JSONSerialization.jsonObject(with: Data(event.body)) as? [String: Any])
  #expect(json["type"] as? String == "verified" && Set(json.keys) == ["type", "timestamp", "data"])
  let data = try #require(json["data"] as? [String: Any])
  #expect(Set(data.keys) == ["sub", "auth_time", "amr"] && data["amr"] as? [String] == ["sms"])
  #expect(!String(decoding: event.content, as: UTF8.self).contains("2025550143"))
  #expect(VerifiedEvent(content: event.content) == event)
}

@Test func `where nobody wants to be told nothing waits`() async throws {
  let test = try TestSite(gate: GateSettings(audience: "www.example.com"))
  let browser = Browser(test, isSecure: true)
  #expect(try await browser.verify(await browser.register()).status == .ok)
  #expect(try await test.waiting().isEmpty)
}

@Test(arguments: ["", "msg_a", "a\n{}", "msg_a b\n{}", "msg_\u{E4}\n{}"])
func `what is no event is told to nobody`(content: String) {
  #expect(VerifiedEvent(content: Array(content.utf8)) == nil)
}

@Test func `a success has a return token where the owner wants one`() async throws {
  let program = ["HTTP_ACCEPT": "application/json", "HTTPS": "on"]
  for isWanted in [true, false] {
    let settings = FlowSettings(identity: "www.example.com", givesReturnTokens: isWanted)
    let test = try TestSite(settings: settings, gate: GateSettings(audience: "www.example.com"))
    let sent = await test.post("/register", "number=%2B12025550143", program)
    let page = try #require(try JSONSerialization.jsonObject(with: Data(sent.body)) as? [String: Any])
    let cookies = sent.fields[fields: .setCookie].map { String($0.value.prefix { $0 != ";" }) }
    let body = "requestId=\(try #require(page["requestId"] as? String))&pin=123456"
    let response = await test.post(
      "/verify", body, program.merging(["HTTP_COOKIE": cookies.joined(separator: "; ")]) { $1 })
    let json = try #require(try JSONSerialization.jsonObject(with: Data(response.body)) as? [String: Any])
    #expect(response.status == .ok)
    let sealed = json["returnToken"] as? String
    #expect((sealed != nil) == isWanted)
    guard let sealed else { continue }
    let opened = try #require(TokenSeal<ReturnToken>(test.keyring, site: "www.example.com").open(sealed))
    #expect(opened.proof.issuedAt == test.clock.now && opened.proof.methods == Proof.Methods(.text))
  }
}
