import Crypto
import Foundation
import Limits
import Testing

@testable import Program

@Suite struct `An alert` {
  private func fields(_ notice: LimitNotice) throws -> [String: String] {
    let alert = Alert(notice, site: "Shop \"7\"", at: "2026-11-24T22:11:35Z")
    let object = try #require(
      try JSONSerialization.jsonObject(with: Data(alert.json)) as? [String: Any])
    return object.mapValues { "\($0)" }
  }

  @Test func `tells what part of a limit is used up`() throws {
    var fields = try fields(.reached(.siteHour, percent: 80, count: 160, limit: 200))
    #expect(fields.removeValue(forKey: "id")?.count == 32)
    #expect(
      fields == [
        "site": "Shop \"7\"", "at": "2026-11-24T22:11:35Z", "event": "limit.reached", "row": "site.hour",
        "percent": "80", "count": "160", "limit": "200",
      ])
  }

  @Test func `tells which range has a ration by the end of its key, and its figures`() throws {
    var fields = try fields(
      .rationBegan(
        .prefix4Ration, CounterKey([0x0A, 0xB1, 0xC2, 0xD3, 0xE4]), RationFigures(sends: 20, verified: 3, perDay: 25)))
    fields["id"] = nil
    #expect(
      fields == [
        "site": "Shop \"7\"", "at": "2026-11-24T22:11:35Z", "event": "limit.rationed", "row": "prefix4.ration",
        "key": "b1c2d3e4", "sends": "20", "verified": "3", "per_day": "25",
      ])
  }

  @Test func `tells that a ration is over, and for how long it was`() throws {
    var fields = try fields(
      .rationEnded(
        .siteShare, CounterKey([0x0A, 0xB1, 0xC2, 0xD3, 0xE4]),
        RationFigures(sends: 900, verified: 300, perDay: 1000, asking: 140), after: .seconds(7200)))
    fields["id"] = nil
    #expect(
      fields == [
        "site": "Shop \"7\"", "at": "2026-11-24T22:11:35Z", "event": "limit.ration_over", "row": "site.share",
        "key": "b1c2d3e4", "seconds": "7200", "sends": "900", "verified": "300", "per_day": "1000", "asking": "140",
      ])
  }

  @Test func `has an id of its own, which stays`() {
    let notice = LimitNotice.reached(.siteDay, percent: 50, count: 500, limit: 1000)
    let alert = Alert(notice, site: "", at: "")
    #expect(alert.json == alert.json)
    #expect(alert.id != Alert(notice, site: "", at: "").id)
  }

  @Test func `is signed with HMAC-SHA-256 over the time, a dot and the body`() {
    // printf '1795558295.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef
    let signature = AlertWebhook.signature(
      of: Array(#"{"a":1}"#.utf8), at: 1_795_558_295, key: SymmetricKey(data: Array("0123456789abcdef".utf8)))
    #expect(signature == "t=1795558295,v1=04d2b18f396065696cb723a4c154a14bf8ba35e3ca54dbe37302a6d70add262b")
  }
}
