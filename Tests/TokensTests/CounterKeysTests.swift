import Crypto
import Gateway
import Limits
import Testing
import Verification

@testable import Tokens

private func keys(_ bytes: [UInt8], site: String = "a") throws -> CounterKeys {
  CounterKeys(try #require(Keyring(bytes.map { SymmetricKey(data: [UInt8](repeating: $0, count: 32)) })), site: site)
}

private let number = PhoneNumber(e164: "12025550143")!
private let us = Country("US")
private let request = RequestID("abcdef0123456789abcdef0123456789", of: .vonageV1)!

@Test func `a new key in front leaves the counters as they are`() throws {
  #expect(try keys([1]).keys(of: number, country: us) == keys([2, 1]).keys(of: number, country: us))
  #expect(try keys([1]).keys(of: number, country: us) != keys([2]).keys(of: number, country: us))
  #expect(try keys([1]).keys(of: number, country: us) != keys([1], site: "b").keys(of: number, country: us))
}

@Test func `neighbors share their prefixes, and no two kinds share a name`() throws {
  let keys = try keys([1])
  let one = keys.keys(of: number, country: us)
  let two = keys.keys(of: PhoneNumber(e164: "12025550199")!, country: us)
  #expect(one.number != two.number && one.prefix4 == two.prefix4 && one.prefix6 == two.prefix6)
  #expect(one.country == two.country)
  let address = try #require(ClientAddress("192.0.2.1"))
  let net = keys.address(host: address.host, net: address.net).net
  let ofNumber = [
    one.number, keys.form(FormNonce(), number, named: one), keys.code(of: request, to: one),
    keys.attempt(
      Attempt(requestID: request, number: number, startedAt: Timestamp(secondsSinceEpoch: 0), sends: 1), of: one),
    keys.end(of: request, to: one.number),
  ]
  let ofNet = [
    net, keys.address(host: address.host, net: address.net).address,
    keys.browser(at: address.host, in: net, userAgent: ""), keys.waiter(in: net, during: 1),
  ]
  let ofPrefix = [one.prefix4, one.prefix6]
  let ofAll = [one.country, one.site, keys.slot(1)]
  let others = ofPrefix + ofAll + [keys.browser(BrowserID())]
  // The second half alone tells them apart.
  let all = ofNumber + ofNet + others
  #expect(Set(all.map { $0.bytes.suffix(8) }).count == all.count)
  #expect(all.allSatisfy { $0.bytes.count == 16 })
  // And so does what an owner sees of them.
  #expect(Set(all.map(\.description)).count == all.count)

  // A store finds side by side what one request is counted by.
  func places(_ keys: [CounterKey]) -> Set<ArraySlice<UInt8>> { Set(keys.map { $0.bytes.prefix(8) }) }
  #expect(places(ofNumber).count == 1)
  #expect(places(ofNet).count == 1)
  #expect(places(ofPrefix).count == 1)
  #expect(places(ofAll) == [[0, 0, 0, 0, 0, 0, 0, 0]])
  #expect(places(ofNumber + ofNet + others).count == 5)
}

@Test func `an IPv6 household is one address and its /48 one net`() throws {
  let keys = try keys([1])
  func of(_ text: String) throws -> (address: CounterKey, net: CounterKey) {
    let address = try #require(ClientAddress(text))
    return keys.address(host: address.host, net: address.net)
  }
  #expect(try of("2001:db8:1:2::1").address == of("2001:db8:1:2:ffff::1").address)
  #expect(try of("2001:db8:1:2::1").address != of("2001:db8:1:3::1").address)
  #expect(try of("2001:db8:1:2::1").net == of("2001:db8:1:3::1").net)
  #expect(try of("2001:db8:1:2::1").net != of("2001:db8:2:2::1").net)
}

@Test func `two providers' requests of the same name are counted apart`() throws {
  let keys = try keys([1])
  let named = keys.keys(of: number, country: us)
  let other = try #require(Provider("other").flatMap { RequestID(request.value, of: $0) })
  #expect(keys.code(of: request, to: named) != keys.code(of: other, to: named))
}

@Test func `nets and ranges are read by whoever has the key, and by nobody else`() throws {
  let (one, other) = (try keys([1]), try keys([2]))
  for bytes in [[192, 0, 2], [0, 0, 0], [0x20, 0x01, 0x0D, 0xB8, 0, 1], [255, 255, 255, 255, 255, 255]] as [[UInt8]] {
    let net = CounterKey(bytes)
    let sealed = one.sealed(net: bytes, named: net)
    #expect(one.net(sealed: sealed, named: net) == bytes)
    #expect(other.net(sealed: sealed, named: net) != bytes)
    #expect(one.net(sealed: sealed, named: CounterKey([9])) != bytes)
  }
  for (digits, country) in [("43660123", "AT"), ("1202555", "US"), ("290", ""), ("88299912345", "ZZ")] {
    let number = try #require(PhoneNumber(e164: digits + "4567"))
    let named = one.keys(of: number, country: Country(country))
    let range = try #require(one.range(sealed: named.sealedRange, named: named.prefix4))
    #expect(range.digits == digits && range.country == (Country(country)?.code ?? ""))
    // A damaged one that says that it has no digits is none.
    let empty = named.sealedRange ^ UInt64(digits.utf8.count) << 50
    #expect(one.range(sealed: empty, named: named.prefix4) == nil)
  }
}
