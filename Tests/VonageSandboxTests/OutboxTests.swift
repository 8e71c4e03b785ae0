import Foundation
import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct OutboxTests {
  private func page(_ bench: TestBench) async -> String {
    String(decoding: await bench.send(.get, "/").body, as: UTF8.self)
  }

  @Test func `messages come newest first with the documented names`() async throws {
    let bench = TestBench()
    let first = try await bench.started("447700900000")
    bench.pass(1)
    let second = try await bench.started("447700900001", ("workflow_id", "7"))
    let json = try JSONSerialization.jsonObject(with: Data(await bench.send(.get, "/messages.json").body))
    let list = try #require(json as? [[String: String]])
    #expect(list.map { $0["request_id"] } == [second.id, first.id])
    #expect(list.map { $0["channel"] } == ["tts", "sms"])
    #expect(
      list.last == [
        "to": "447700900000", "from": "VERIFY", "text": "Acme Inc code: \(first.pin). Valid for 5 minutes.",
        "pin": first.pin, "request_id": first.id, "channel": "sms", "lg": "en-us", "at": "2026-01-01T00:00:00Z",
      ])
  }

  @Test func `the outbox keeps the last thousand, the statistics count all`() async throws {
    let bench = TestBench()
    for number in 0..<2001 { _ = await bench.start("4477009\(10000 + number)") }
    let messages = try await bench.messages()
    #expect(messages.count == 1000)
    #expect(messages.first?.to == "447700912000")
    #expect(messages.last?.to == "447700911001")
    #expect(try await bench.statistics().messages == 2001)
    #expect(await page(bench).contains("2001 messages; the last 1000 are here"))
  }

  @Test func `the page shows the messages, newest first`() async throws {
    let bench = TestBench()
    #expect(await page(bench).contains("Nothing was sent yet."))
    let first = try await bench.started("447700900000")
    let second = try await bench.started("447700900001")
    let html = await page(bench)
    let newer = try #require(html.range(of: second.id)?.lowerBound)
    let older = try #require(html.range(of: first.id)?.lowerBound)
    #expect(newer < older)
    #expect(html.contains(#"<p class="pin">\#(first.pin)</p>"#))
    #expect(html.contains("+447700900001"))
    #expect(html.contains(#"<a class="button" href="./">Refresh</a>"#))
  }

  @Test func `everything on the page that came from outside is escaped`() throws {
    let hostile = "<script>\"'&"
    let json = #"{"to":"T","from":"T","text":"T","pin":"T","request_id":"T","channel":"sms","lg":"T","at":"T"}"#
      .replacing("T", with: #"<script>\"'&"#)
    let message = try JSONDecoder().decode(OutboxMessage.self, from: Data(json.utf8))
    #expect(message.text == hostile)
    let page = OutboxPage(messages: [message], sent: 1, now: .zero)
    let html = String(decoding: page.html, as: UTF8.self)
    #expect(!html.contains("<script"))
    // To, from, text, PIN, request, language, and the time twice.
    #expect(html.ranges(of: "&lt;script&gt;&quot;&#39;&amp;").count == 8)
  }

  @Test func `the page shows the whole table of magic numbers`() async {
    let html = await page(TestBench())
    for number in MagicNumber.all {
      let row = "<tr><th scope=\"row\">\(number.display)</th><td>\(HTMLText.escaped(number.meaning))</td></tr>"
      #expect(html.contains(row))
    }
  }

  @Test func `the page has no script and no style of its own, and its policy forbids both`() async {
    let response = await TestBench().send(.get, "/")
    let html = String(decoding: response.body, as: UTF8.self)
    #expect(!html.contains("<script") && !html.contains("<style") && !html.contains("style="))
    #expect(response.fields[.contentSecurityPolicy]?.hasPrefix("default-src 'none'; style-src 'self';") == true)
    #expect(response.fields[.contentType] == "text/html; charset=utf-8")
    #expect(await TestBench().send(.get, "/outbox.css").fields[.contentType] == "text/css; charset=utf-8")
  }

  @Test func `the prefix without its slash leads to the page`() async {
    let response = await TestBench().send(.get, "")
    #expect(response.status == .permanentRedirect)
    #expect(response.fields[.location] == "sandbox/")
  }
}
