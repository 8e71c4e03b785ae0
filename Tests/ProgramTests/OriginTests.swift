import Testing

@testable import Program

@Suite struct `An origin` {
  @Test(arguments: [
    ("https://www.example.com", "https://www.example.com"), ("https://www.example.com:443", "https://www.example.com"),
    ("http://www.example.com:80", "http://www.example.com"), ("http://a.example:443", "http://a.example:443"),
    ("https://a.example:80", "https://a.example:80"), ("HTTPS://WWW.Example.COM", "https://www.example.com"),
    ("https://a.example:8443", "https://a.example:8443"), ("https://a.example:0443", "https://a.example"),
    ("http://127.0.0.1:8080", "http://127.0.0.1:8080"), ("https://[2001:DB8::1]:443", "https://[2001:db8::1]"),
    ("http://[::1]", "http://[::1]"), ("https://xn--mller-kva.example", "https://xn--mller-kva.example"),
    ("http://my_host", "http://my_host"),
  ])
  func `is read as browsers write it`(text: String, origin: String) {
    #expect(Origin(text)?.text == origin)
  }

  /// None of them would ever match.
  @Test(arguments: [
    "", "www.example.com", "https://", "https:///", "https://a.example/", "https://a.example/x", "https://a.example?x",
    "https://a.example#x", "https://u@a.example", "https://u:p@a.example", "https://*.example.com",
    "https://a.example:",
    "https://a.example:0", "https://a.example:65536", "https://a.example:x", "https://a.example:443:443",
    "ftp://a.example",
    "null", "https://müller.example", "https://a..example", "https://a.example.", "https://.example", "https://[::1",
    "https://[]", "https://[::g]", "https://[::1]x", "https://::1", "https://a b", "https://a\u{0}",
  ])
  func `is nothing that no browser sends`(text: String) {
    #expect(Origin(text) == nil)
  }
}
