import Gateway
import Limits
import Testing
import Verification

@testable import Program

@Suite struct `The table of counts` {
  private let address = (address: CounterKey([1, 2, 3, 4]), net: CounterKey([5, 6, 7, 8]))

  @Test func `is aligned, and says when a limit admits again`() throws {
    var policy = LimitsPolicy()
    policy.limits = policy.limits.filter { [.addressMinute, .netHour].contains($0.key) }
    let subject = LimitsSubject(try #require(ClientAddress("192.0.2.1")), address, of: policy)
    #expect(subject.title == "192.0.2.1, net 192.0.2.0/24")
    let table = CountTable(
      subject,
      [
        Count(id: .addressMinute, count: 3, limit: 3, wait: .milliseconds(59_001)),
        Count(id: .netHour, count: 12, limit: 60, wait: .zero),
      ])
    #expect(
      table.lines == [
        "limit           used  of  in any  admits    key",
        "address.minute     3   3  1 min   in 1 min  01020304",
        "net.hour          12  60  1 h     now       05060708",
      ])
  }

  @Test func `tells of what only the owner can clear`() {
    var policy = LimitsPolicy()
    policy.limits = [
      .numberWrongTotal: Limit(100, per: nil), .prefix4Ration: Limit(20, per: .seconds(86_400)),
    ]
    let keys = NumberKeys(
      number: CounterKey([1]), prefix4: CounterKey([2]), prefix6: CounterKey([3]), country: CounterKey([4]),
      site: CounterKey([5]))
    let subject = LimitsSubject(
      OwnersDesk.Number(written: "+1 202-555-0143", country: Country("US"), keys: keys), of: policy)
    let rations = subject.rations.map { Count(id: $0.id, count: 20, limit: 4, wait: .seconds(3600)) }
    let table = CountTable(subject, [Count(id: .numberWrongTotal, count: 100, limit: 100, wait: nil)] + rations)
    #expect(subject.title == "+1 202-555-0143 (US)")
    #expect(table.lines[1] == "number.wrong.total   100  100  -       when cleared  01")
    #expect(table.lines[2] == "prefix4.ration        20    4  1 d     in 1 h        02")
    #expect(table.lines.count == 3)
  }

  @Test func `is a sentence when nothing is limited`() {
    var policy = LimitsPolicy()
    policy.limits = [:]
    #expect(CountTable(LimitsSubject(site: CounterKey([5]), of: policy), []).lines == ["All its limits are off."])
  }

  @Test(
    arguments: [
      (.zero, "0 s"), (.milliseconds(1), "1 s"), (.seconds(59), "59 s"), (.milliseconds(59_001), "1 min"),
      (.seconds(61), "1 min 1 s"), (.seconds(3600), "1 h"), (.seconds(3661), "1 h 1 min"), (.seconds(3601), "1 h 1 s"),
      (.seconds(90_000), "1 d 1 h"), (.seconds(86_400 * 400), "400 d"),
    ] as [(Duration, String)])
  func `writes a time in its two greatest units`(duration: Duration, text: String) {
    #expect(CountTable.text(duration) == text)
  }
}
