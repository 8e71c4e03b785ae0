import Testing

@testable import Gate
@testable import Tokens

private let hosts: Set = ["www.example.com", "shop.example.com:8443"]

private func target(_ text: String, isSecure: Bool = true) -> String? {
  ReturnTarget(text, hosts: hosts, isSecure: isSecure, longest: EntryTicket.longestTarget)?.text
}

/// Ways to write what browsers or programs in between may take for the two slashes before another host.
private let beginnings: [String] = {
  let slashes = [
    "/", "\\", "%2f", "%2F", "%5c", "%5C", "%252f", "%255c", "\u{2044}", "\u{2215}", "\u{29F8}", "\u{FF0F}", "\u{FF3C}",
    "\u{FE68}", "%ef%bc%8f", "%E2%81%84", "%E2%88%95", "%EF%BC%BC",
  ]
  let dots = [
    "", "./", "../", "a/../", "a/b/../../", "%2e/", "%2e%2e/", ".%2e/", "%2E./", "\u{FF0E}/", "./../", "a/./../",
  ]
  return slashes.flatMap { slash in dots.map { "/" + $0 + slash } }
}()

private let hostile: [String] = {
  let authorities = ["evil.example", "evil.example:443", "a@evil.example/"]
  var all = beginnings.flatMap { beginning in authorities.map { beginning + $0 } }
  // Characters that browsers drop, and those that end a header.
  for control in ["\t", "\r", "\n", "\r\n", "\0", "\u{B}", "\u{C}", "\u{1F}", "\u{7F}", " ", "\u{85}", "\u{A0}"]
  where control != "\u{85}" && control != "\u{A0}" {
    all += ["/" + control + "/evil.example", control + "/private/", "/private/" + control, "/pri" + control + "vate/"]
    all += ["https:" + control + "//www.example.com/", "https://www" + control + ".example.com/"]
  }
  for control in ["%00", "%09", "%0a", "%0A", "%0d", "%0d%0a", "%1f", "%7f", "%2500", "%250d%250a"] {
    all += ["/" + control, "/" + control + "/evil.example", "/private/" + control + "Set-Cookie:a=b"]
  }
  // Schemes.
  for scheme in [
    "javascript:alert(1)", "JaVaScRiPt:alert(1)", "data:text/html,x", "vbscript:x", "file:///etc/passwd",
    "ftp://www.example.com/",
    "ws://www.example.com/", "mailto:a@evil.example", "about:blank", "blob:https://www.example.com/x",
    "//www.example.com/",
    "https:www.example.com/", "https:/www.example.com/", "https:///www.example.com/", "https:\\\\www.example.com/",
    "http://www.example.com/", "HTTPS://www.example.com/", "Https://www.example.com/", "https;//www.example.com/",
    "view-source:https://www.example.com/", "intent://www.example.com/", "x:/private/", ":/private/",
    "://www.example.com/",
  ] { all += [scheme, " " + scheme, "\t" + scheme] }
  // Hosts that only look like a listed one.
  for host in [
    "evil.example", "www.example.com.evil.example", "evil.example/www.example.com", "www.example.comevil.example",
    "www.example.com@evil.example", "www.example.com:x@evil.example", "user@www.example.com", "user:pw@www.example.com",
    "@www.example.com", "www.example.com:443", "www.example.com:80", "www.example.com:8443", "www.example.com:",
    "www.example.com:0443", "shop.example.com", "shop.example.com:443", "shop.example.com:84430",
    "shop.example.com:8443:1",
    "WWW.example.com", "www.EXAMPLE.com", "www.example.com.", ".www.example.com", "www..example.com", "example.com",
    "sub.www.example.com", "www%2eexample.com", "www.example%2ecom", "www\u{3002}example\u{3002}com",
    "www\u{FF0E}example.com",
    "www\u{FF61}example.com", "ｗww.example.com", "www.examp\u{200B}le.com", "www.example.com%00.evil.example",
    "www.example.com%20", "www.example.com%09", "www.example.com\\@evil.example", "evil.example\\@www.example.com",
    "evil.example\\www.example.com", "www.example.com\\.evil.example", "www.example.com;evil.example", "[::1]",
    "127.0.0.1",
    "0x7f.1", "2130706433", "localhost", "*", "*.example.com", "", "www.example.com,evil.example",
    "www.example.com&evil.example",
  ] {
    all += ["https://" + host + "/", "https://" + host, "https://" + host + "/private/?a=b", "https://" + host + "?a"]
  }
  // Paths of a listed host that are another host's for whoever resolves them once more.
  all += beginnings.prefix(120).map { "https://www.example.com" + $0 + "evil.example" }
  all += [
    "https://www.example.com\\evil.example", "https://www.example.com%2f/", "https://www.example.com#@evil.example/\n",
  ]
  // No addresses at all.
  all += [
    "", "private/", "./private/", "../", "?a=b", "#a", "*", "a", "\\private\\", "\\/evil.example", "%2fprivate/",
    "private",
  ]
  all += [
    "/" + String(repeating: "x", count: 4_096), "/" + String(repeating: "é", count: 700),
    String(repeating: "/", count: 4_000),
  ]
  return all
}()

@Test func `of many hostile targets none is taken`() {
  #expect(Set(hostile).count >= 500)
  #expect(hostile.filter { target($0) != nil }.map { "\($0.debugDescription) as \(target($0)!)" } == [])
}

@Test(arguments: [
  "/", "/private/", "/private/big.txt?q=1&r=2", "/private/?a=1&b=%26%23%25", "/private/?next=//evil.example/",
  "/private/?next=https://evil.example/", "/private/a%20b%26c.txt", "/private/;v=1?a;b;c", "/a//b", "/a/../b", "/a\\b",
  "/private/'quoted'?\"q\"=<a>", "/100%", "/a%25b%2", "/%E6%97%A5%E6%9C%AC%E3%80%82html", "/private/?a=%0d%0a%00",
  "/~user/(1)!$&'*+,;=:@", "/private/?a=b#c", "/.well-known/x", "/..", "/.", "/a/..", "/...//x", "/private/?\\",
  "/p%2Fq", "/private/%2F%2Fx", "https://www.example.com", "https://www.example.com/",
  "https://www.example.com/a?b=c&d=%26",
  "https://shop.example.com:8443/?q", "https://www.example.com/a//b",
])
func `what somebody can want to see is taken as it is`(text: String) {
  #expect(target(text) == text)
}

@Test func `characters outside of ASCII are escaped as browsers do it`() {
  #expect(target("/日本。html?a=é") == "/%E6%97%A5%E6%9C%AC%E3%80%82html?a=%C3%A9")
  #expect(target("/a／b") == "/a%EF%BC%8Fb")
}

@Test func `plain HTTP leads to plain HTTP only from there`() {
  #expect(target("http://www.example.com/a", isSecure: false) == "http://www.example.com/a")
  #expect(target("https://www.example.com/a", isSecure: false) == "https://www.example.com/a")
  #expect(target("http://www.example.com/a") == nil)
}

@Test func `a target is as long as an address can be`() {
  let longest = "/" + String(repeating: "x", count: 4_095)
  #expect(target(longest) == longest && target(longest + "x") == nil)
}

@Test func `without listed hosts there are only paths`() {
  #expect(ReturnTarget("https://www.example.com/", longest: 100) == nil)
  #expect(ReturnTarget("/a", longest: 100)?.text == "/a")
}
