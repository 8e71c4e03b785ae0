import Gateway
import Testing

@Suite struct `A range of addresses` {
  @Test(
    arguments: [
      ("10.0.0.0/8", "10.255.255.255", "11.0.0.0"),
      ("10.1.2.3/8", "10.0.0.0", "9.255.255.255"),
      ("192.0.2.128/25", "192.0.2.128", "192.0.2.127"),
      ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
      ("192.0.2.1/32", "192.0.2.1", "192.0.2.0"),
      ("2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"),
      ("::1", "::1", "::2"),
      ("::ffff:10.0.0.0/104", "10.255.255.255", "11.0.0.0"),
      ("10.0.0.0/8", "::ffff:10.0.0.1", "::10.0.0.1"),
      ("::/1", "7fff::", "10.0.0.1"),
    ])
  func `has two sides`(range: String, inside: String, outside: String) throws {
    let range = try #require(AddressRange(range))
    #expect(range.contains(try #require(ClientAddress(inside))))
    #expect(!range.contains(try #require(ClientAddress(outside))))
  }

  @Test(
    arguments: [
      "", "/8", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/+8", "10.0.0.0/8/8", "10.0.0.0/ 8", "10/8",
      "::/129", "localhost", "0.0.0.0/0", "::/0", "::ffff:10.0.0.0/96", "10.0.0.0/999999999999999999999",
    ])
  func `is written in one way and never everybody`(text: String) {
    #expect(AddressRange(text) == nil)
  }
}
