import Curl
import Testing

struct ServiceURLTests {
  @Test(arguments: [
    "https://api.nexmo.com", "https://api.nexmo.com:8443/base/", "HTTPS://API.NEXMO.COM", "https://127.0.0.1",
    "http://127.0.0.1", "http://127.0.0.1:8080/x", "http://127.255.255.255", "http://localhost:1", "http://LOCALHOST",
    "http://[::1]:8080",
  ])
  func `https anywhere and http to this machine are taken`(text: String) throws {
    let url = try ServiceURL(text)
    #expect(url.isSecure == text.lowercased().hasPrefix("https:"))
  }

  @Test(arguments: [
    "http://api.nexmo.com", "http://126.255.255.255", "http://128.0.0.0", "http://0.0.0.0", "http://[::]",
    "http://[::ffff:127.0.0.1]", "http://localhost.example", "http://127.0.0.1.example", "http://localhost.",
    "http://sub.localhost", "http://10.0.0.1", "http://xn--localhost",
  ])
  func `http to anywhere else is refused`(text: String) {
    #expect(throws: ServiceURL.Problem.plainText) { try ServiceURL(text) }
  }

  @Test(
    arguments: [
      ("", .malformed), ("api.nexmo.com", .malformed), ("https://", .malformed), ("https://a b", .malformed),
      ("https://a\nb", .malformed), ("https://a\0b", .malformed), ("https://a:99999", .malformed),
      ("ftp://api.nexmo.com", .wrongScheme), ("file:///etc/passwd", .malformed),
      ("https://u:p@api.nexmo.com", .credentials), ("http://u@127.0.0.1", .credentials),
      ("https://api.nexmo.com?x=1", .queryOrFragment), ("https://api.nexmo.com#x", .queryOrFragment),
      ("https://evil.example\\@api.nexmo.com", .malformed),
    ] as [(String, ServiceURL.Problem)])
  func `what else a URL can be is refused`(text: String, problem: ServiceURL.Problem) {
    #expect(throws: (any Error).self) { try ServiceURL(text) }
  }

  @Test func `segments are added where they belong`() throws {
    for base in ["https://a.example", "https://a.example/"] {
      #expect(try ServiceURL(base).appending("verify", "json").text == "https://a.example/verify/json")
    }
    let url = try ServiceURL("https://a.example/base")
    #expect(url.appending("a/../?#%é").text == "https://a.example/base/a%2F..%2F%3F%23%25%C3%A9")
  }
}
