import Gateway
import HTTPTypes
import Testing

@Suite struct `The address of a visitor` {
  @Test(
    arguments: [
      ("192.0.2.17", "192.0.2.17", "192.0.2.0/24"),
      ("::ffff:192.0.2.17", "192.0.2.17", "192.0.2.0/24"),
      ("::FFFF:c000:0211", "192.0.2.17", "192.0.2.0/24"),
      ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64", "2001:db8:1::/48"),
      ("2001:DB8:1:2::", "2001:db8:1:2::/64", "2001:db8:1::/48"),
      ("::1", "::/64", "::/48"),
    ])
  func `counts by host and net`(text: String, host: String, net: String) {
    #expect(ClientAddress(text)?.host == host)
    #expect(ClientAddress(text)?.net == net)
  }

  @Test func `is one household's up to the last bit of the /64, and another's beyond`() throws {
    let first = try #require(ClientAddress("2001:db8:1:2::"))
    #expect(ClientAddress("2001:db8:1:2:ffff:ffff:ffff:ffff")?.host == first.host)
    #expect(ClientAddress("2001:db8:1:3::")?.host != first.host)
    #expect(ClientAddress("2001:db8:1:ffff::")?.net == first.net)
    #expect(ClientAddress("2001:db8:2::")?.net != first.net)
  }

  @Test(
    arguments: [
      "", "unix:", "unknown", "192.0.2", "192.0.2.256", "192.0.2.01.", "1", "fe80::1%eth0", "192.0.2.1\0", "[::1]",
      " 192.0.2.1", "192.0.2.1:80", "10.0.0.0/8", ":::", "1:2:3:4:5:6:7:8:9",
    ])
  func `is nothing else`(text: String) {
    #expect(ClientAddress(text) == nil)
  }

  private func client(_ peer: String, _ forwarded: [String] = [], trusting proxies: [String] = []) -> String? {
    let parameters = [("REMOTE_ADDR", peer)] + forwarded.map { ("HTTP_X_FORWARDED_FOR", $0) }
    let request = Request(method: .post, parameters: Parameters(parameters))
    return ClientAddress.of(request, behind: proxies.compactMap { AddressRange($0) })?.description
  }

  @Test func `is the web server's peer, whatever the visitor writes into a header`() {
    #expect(client("192.0.2.1", ["198.51.100.7"]) == "192.0.2.1")
    #expect(client("192.0.2.1", ["198.51.100.7"], trusting: ["10.0.0.0/8"]) == "192.0.2.1")
  }

  @Test func `is whom a trusted proxy names, and no farther`() {
    let proxies = ["10.0.0.0/8", "2001:db8:f::/48"]
    #expect(client("10.0.0.1", ["198.51.100.7"], trusting: proxies) == "198.51.100.7")
    #expect(client("10.0.0.1", ["6.6.6.6, 198.51.100.7"], trusting: proxies) == "198.51.100.7")
    #expect(client("10.0.0.1", ["6.6.6.6, 198.51.100.7,10.0.0.2"], trusting: proxies) == "198.51.100.7")
    #expect(client("::ffff:10.0.0.1", ["198.51.100.7"], trusting: proxies) == "198.51.100.7")
    #expect(client("2001:db8:f::1", ["2001:db8::7"], trusting: proxies) == "2001:db8::7")
  }

  @Test func `is the farthest proxy when all are trusted, and the peer when none named anybody`() {
    #expect(client("10.0.0.1", ["10.0.0.3, 10.0.0.2"], trusting: ["10.0.0.0/8"]) == "10.0.0.3")
    #expect(client("10.0.0.1", [], trusting: ["10.0.0.0/8"]) == "10.0.0.1")
  }

  @Test func `comes from the last of several header lines`() {
    #expect(client("10.0.0.1", ["6.6.6.6", "198.51.100.7"], trusting: ["10.0.0.1"]) == "198.51.100.7")
  }

  @Test(arguments: [("198.51.100.7:4711", "198.51.100.7"), ("[2001:db8::7]:4711", "2001:db8::7"), ("[::7]", "::7")])
  func `may come with a port`(hop: String, address: String) {
    #expect(client("10.0.0.1", [hop], trusting: ["10.0.0.1"]) == address)
  }

  @Test(
    arguments: [
      "unknown", "", "6.6.6.6,", "_hidden", "198.51.100.7:x", "198.51.100.7:70000", "[2001:db8::7]x", "[2001:db8::7",
      "198.51.100.7 6.6.6.6",
    ])
  func `is the peer when the proxy's entry cannot be read`(hop: String) {
    #expect(client("10.0.0.1", [hop], trusting: ["10.0.0.1"]) == "10.0.0.1")
  }

  @Test func `is not known when the web server does not say`() {
    #expect(client("", ["198.51.100.7"], trusting: ["10.0.0.1"]) == nil)
    #expect(client("unix:", ["198.51.100.7"], trusting: ["10.0.0.1"]) == nil)
  }
}
