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

  private func reading(
    _ peer: String?, _ forwarded: [String] = [], trusting proxies: [String] = []
  ) -> ClientAddress.Reading {
    let parameters = (peer.map { [("REMOTE_ADDR", $0)] } ?? []) + forwarded.map { ("HTTP_X_FORWARDED_FOR", $0) }
    let request = Request(method: .post, parameters: Parameters(parameters))
    return ClientAddress.read(from: request, behind: proxies.compactMap { TrustedProxy($0) })
  }

  private func client(_ peer: String?, _ forwarded: [String] = [], trusting proxies: [String] = []) -> String? {
    reading(peer, forwarded, trusting: proxies).address?.description
  }

  private func doubt(
    _ peer: String?, _ forwarded: [String] = [], trusting proxies: [String] = []
  ) -> ClientAddress.Doubt? {
    reading(peer, forwarded, trusting: proxies).doubt
  }

  @Test func `is the web server's peer, whatever the visitor writes into a header`() {
    #expect(client("192.0.2.1", ["198.51.100.7"]) == "192.0.2.1")
    #expect(client("192.0.2.1", ["198.51.100.7"], trusting: ["10.0.0.0/8", "unix:"]) == "192.0.2.1")
    #expect(doubt("192.0.2.1", ["198.51.100.7"]) == nil)
  }

  @Test func `is whom a trusted proxy names, and no farther`() {
    let proxies = ["10.0.0.0/8", "2001:db8:f::/48"]
    #expect(client("10.0.0.1", ["198.51.100.7"], trusting: proxies) == "198.51.100.7")
    #expect(client("10.0.0.1", ["6.6.6.6, 198.51.100.7"], trusting: proxies) == "198.51.100.7")
    #expect(client("10.0.0.1", ["6.6.6.6, 198.51.100.7,10.0.0.2"], trusting: proxies) == "198.51.100.7")
    #expect(client("::ffff:10.0.0.1", ["198.51.100.7"], trusting: proxies) == "198.51.100.7")
    #expect(client("2001:db8:f::1", ["2001:db8::7"], trusting: proxies) == "2001:db8::7")
    #expect(doubt("10.0.0.1", ["198.51.100.7"], trusting: proxies) == nil)
  }

  @Test func `is the farthest proxy when all are trusted, and the peer when none named anybody`() {
    #expect(client("10.0.0.1", ["10.0.0.3, 10.0.0.2"], trusting: ["10.0.0.0/8"]) == "10.0.0.3")
    #expect(client("10.0.0.1", [], trusting: ["10.0.0.0/8"]) == "10.0.0.1")
    #expect(doubt("10.0.0.1", [], trusting: ["10.0.0.0/8"]) == .nobodyForwarded)
    #expect(doubt("10.0.0.1", ["", " , "], trusting: ["10.0.0.0/8"]) == .nobodyForwarded)
  }

  @Test func `comes from the last of several header lines`() {
    #expect(client("10.0.0.1", ["6.6.6.6", "198.51.100.7"], trusting: ["10.0.0.1"]) == "198.51.100.7")
  }

  private static let written = [
    ("198.51.100.7:4711", "198.51.100.7"), ("198.51.100.7:70000", "198.51.100.7"), ("198.51.100.7:_x", "198.51.100.7"),
    ("198.51.100.7:", "198.51.100.7"), ("[2001:db8::7]:4711", "2001:db8::7"), ("[::7]", "::7"), ("\"[::7]:1\"", "::7"),
    ("\"198.51.100.7\"", "198.51.100.7"), ("\" 198.51.100.7:1 \"", "198.51.100.7"), ("\t198.51.100.7 ", "198.51.100.7"),
    ("fe80::7%eth0", "fe80::7"), ("[fe80::7%25eth0]:443", "fe80::7"), ("::ffff:198.51.100.7", "198.51.100.7"),
  ]

  @Test(arguments: written)
  func `may come with a port, in brackets, in quotes and with a zone`(text: String, address: String) {
    #expect(client(text) == address)
    #expect(client("10.0.0.1", [text], trusting: ["10.0.0.1"]) == address)
    #expect(client("10.0.0.1", ["6.6.6.6, \(text)"], trusting: ["10.0.0.1"]) == address)
  }

  @Test func `is looked for with the port of its proxy left out`() {
    #expect(client("10.0.0.1:4711", ["198.51.100.7"], trusting: ["10.0.0.1"]) == "198.51.100.7")
  }

  @Test(arguments: ["6.6.6.6, 198.51.100.7,", "198.51.100.7, ,", " ,198.51.100.7,\t,,"])
  func `is not hidden by an entry that is empty`(header: String) {
    #expect(client("10.0.0.1", [header], trusting: ["10.0.0.1"]) == "198.51.100.7")
    #expect(client("10.0.0.1", [header, ""], trusting: ["10.0.0.1"]) == "198.51.100.7")
  }

  @Test(
    arguments: [
      "unknown", "_hidden", "6.6.6.6, unknown", "198.51.100.7:x y", "[2001:db8::7]x", "[2001:db8::7",
      "198.51.100.7 6.6.6.6", "\"198.51.100.7", "for=198.51.100.7", "host.example", "1", "unix:",
    ])
  func `is whoever wrote an entry that cannot be read, and never what stands before it`(hop: String) {
    #expect(client("10.0.0.1", [hop], trusting: ["10.0.0.0/8"]) == "10.0.0.1")
    #expect(client("10.0.0.1", ["\(hop), 10.0.0.2"], trusting: ["10.0.0.0/8"]) == "10.0.0.2")
    #expect(doubt("10.0.0.1", [hop], trusting: ["10.0.0.0/8"]) == .unreadableForwarded)
  }

  @Test(arguments: [nil, "", " ", "unix:", "unix:/run/nginx.sock", "/run/nginx.sock", "@", "@nginx"])
  func `of a Unix socket is whom its other end names, once that is trusted`(peer: String?) {
    #expect(client(peer, ["198.51.100.7"], trusting: ["10.0.0.1"]) == nil)
    #expect(doubt(peer, ["198.51.100.7"], trusting: ["10.0.0.1"]) != nil)
    #expect(client(peer, ["6.6.6.6, 198.51.100.7"], trusting: ["unix:"]) == "198.51.100.7")
    #expect(doubt(peer, ["198.51.100.7"], trusting: ["unix:"]) == nil)
    #expect(client(peer, ["6.6.6.6, 198.51.100.7, 10.0.0.1"], trusting: ["unix:", "10.0.0.1"]) == "198.51.100.7")
    #expect(client(peer, [], trusting: ["unix:"]) == nil)
    #expect(doubt(peer, [], trusting: ["unix:"]) == .nobodyForwarded)
    #expect(client(peer, ["unknown"], trusting: ["unix:"]) == nil)
    #expect(doubt(peer, ["unknown"], trusting: ["unix:"]) == .unreadableForwarded)
  }

  @Test(arguments: ["localhost", "unknown", "192.0.2.256", "192.0.2.1, 6.6.6.6", "x:y"])
  func `is not known when the web server writes something else`(peer: String) {
    #expect(client(peer, ["198.51.100.7"], trusting: ["unix:"]) == nil)
    #expect(doubt(peer, ["198.51.100.7"], trusting: ["unix:"]) == .unreadable)
  }

  @Test(arguments: [
    "127.0.0.1", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1", "::1", "fd00::1", "fe80::1",
    "::ffff:10.0.0.1",
  ])
  func `is doubtful behind a proxy of the own network that nobody named`(peer: String) {
    #expect(doubt(peer, ["198.51.100.7"]) == .unnamedProxy)
    #expect(client(peer, ["198.51.100.7"]) != "198.51.100.7")
    #expect(doubt(peer) == nil)
  }

  @Test(arguments: ["172.15.0.1", "172.32.0.1", "192.169.0.1", "11.0.0.1", "2001:db8::1", "fec0::1", "::2"])
  func `is not doubtful because of a header of the visitor's`(peer: String) {
    #expect(doubt(peer, ["198.51.100.7"]) == nil)
  }
}

@Suite struct `A trusted proxy` {
  @Test(arguments: ["10.0.0.0/8", "192.0.2.1", "2001:db8::/32", "unix:"]) func `has an address or none`(text: String) {
    #expect(TrustedProxy(text) != nil)
  }

  @Test(arguments: ["", "unix", "unix:/run/x", "UNIX:", "0.0.0.0/0", "::/0", "localhost"])
  func `is nothing else`(text: String) {
    #expect(TrustedProxy(text) == nil)
  }
}
