import Curl
import Foundation
import HTTPFixture
import Testing

@Suite(.timeLimit(.minutes(2)))
struct ProxyTests {
  @Test func `a proxy in the environment is not used`() async throws {
    // In a process of its own: the environment belongs to all tests.
    await #expect(processExitsWith: .success) {
      let server = try HTTPFixture { _ in .answer("") }
      let proxy = try HTTPFixture { _ in .answer("", status: 502) }
      for name in ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"] {
        setenv(name, proxy.url, 1)
      }
      let file = try TestCertificate(for: "IP:127.0.0.1")
      let client = try Client.make {
        $0.certificates = try? CertificateFile.find(configured: (file.path, "x"), environment: [:])
      }
      #expect(try await client.send(.post(server.url)).status == 200)
      #expect(try await client.send(.post("http://localhost:\(server.port)")).status == 200)
      let failure = try #require(await client.failure(of: .post("https://pingate.invalid")))
      #expect(failure.kind == .couldNotResolve)
      #expect(proxy.connections == 0)
    }
  }

  @Test func `the configured proxy is used, and not for this machine`() async throws {
    let proxy = try HTTPFixture { _ in .answer("", status: 502) }
    let server = try HTTPFixture { _ in .answer("") }
    let file = try TestCertificate(for: "IP:127.0.0.1")
    let client = try Client.make {
      $0.proxy = ProxyURL(proxy.url)
      $0.certificates = try? CertificateFile.find(configured: (file.path, "x"), environment: [:])
    }
    #expect(try await client.send(.post(server.url)).status == 200)
    #expect(proxy.connections == 0)
    let failure = try #require(await client.failure(of: .post("https://pingate.invalid")))
    #expect(failure.mayHaveBeenSent == false)
    #expect(proxy.requests.first?.method == "CONNECT")
    #expect(proxy.requests.first?.target == "pingate.invalid:443")
  }

  @Test(arguments: ["", "proxy", "ftp://proxy", "http://", "://x"])
  func `what is no proxy's address is refused`(text: String) {
    #expect(ProxyURL(text) == nil)
  }

  @Test(arguments: ["http://proxy:8080", "socks5h://u:p@proxy", "https://proxy"])
  func `a proxy's address is taken and never shown`(text: String) throws {
    let proxy = try #require(ProxyURL(text))
    var dumped = ""
    dump(proxy, to: &dumped)
    #expect("\(proxy) \(String(reflecting: proxy)) \(dumped)".contains("proxy:") == false)
    #expect(dumped.contains("u:p") == false)
  }
}
