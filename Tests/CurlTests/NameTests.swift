import Curl
import HTTPFixture
import HostNames
import Testing

/// Names that do not exist: only the tests' look-ups give them addresses.
@Suite(.timeLimit(.minutes(2)))
struct NameTests {
  private func client(
    _ certificate: TestCertificate, _ names: StandInNames, _ change: (inout Configuration) -> Void = { _ in }
  ) throws -> Client {
    var configuration = Configuration()
    configuration.connectTimeout = .seconds(60)
    configuration.timeout = .seconds(60)
    configuration.certificates = try CertificateFile.find(configured: (certificate.path, "x"), environment: [:])
    change(&configuration)
    return try Client(configuration, resolver: HostResolver { names.lookUp($0) })
  }

  @Test(arguments: ["pingate.invalid", "PinGate.invalid", "pingate.invalid."])
  func `a server is reached at the address that its name was found to have, by one look-up`(name: String) async throws {
    let certificate = try TestCertificate(for: "DNS:pingate.invalid")
    let server = try TLSFixture(certificate)
    let names = StandInNames(.found)
    let client = try client(certificate, names)
    for _ in 1...3 { #expect(try await client.send(.get("https://\(name):\(server.port)")).status == 200) }
    #expect(names.asked.map { $0.port } == [server.port])
  }

  @Test func `a proxy is reached by its name, and the service's is left to it`() async throws {
    let proxy = try HTTPFixture { _ in .answer("", status: 502) }
    let names = StandInNames(.found)
    let client = try client(TestCertificate(for: "IP:127.0.0.1"), names) {
      $0.proxy = ProxyURL("http://proxy.invalid:\(proxy.port)")
    }
    _ = try await client.failure(of: .post("https://pingate.invalid"))
    #expect(proxy.requests.first?.target == "pingate.invalid:443")
    #expect(names.asked == [Host(name: "proxy.invalid", port: proxy.port)])
  }

  @Test(arguments: ["socks4", "socks5"])
  func `a proxy that takes addresses only has the service's looked up too`(scheme: String) async throws {
    let proxy = try HTTPFixture { _ in .silence }
    let names = StandInNames(.found)
    let client = try client(TestCertificate(for: "IP:127.0.0.1"), names) {
      $0.proxy = ProxyURL("\(scheme)://proxy.invalid:\(proxy.port)")
    }
    let task = Task { await client.failure(of: try .post("https://pingate.invalid")) }
    await proxy.waitForRequests(1)
    task.cancel()
    #expect(try await task.value?.kind == .cancelled)
    #expect(Set(names.asked.map(\.name)) == ["proxy.invalid", "pingate.invalid"])
  }

  @Test func `a name without an address is told, and asked for again the next time`() async throws {
    let names = StandInNames(.unknown)
    let client = try client(TestCertificate(for: "IP:127.0.0.1"), names)
    for _ in 1...2 {
      let failure = try #require(await client.failure(of: .post("https://pingate.invalid")))
      #expect(failure.kind == .couldNotResolve)
      #expect(failure.mayHaveBeenSent == false)
    }
    #expect(names.asked.count == 2)
  }

  @Test func `a name that is looked up for ever costs one look-up and keeps no other request waiting`() async throws {
    let server = try HTTPFixture { _ in .answer("") }
    let names = StandInNames(.silent)
    defer { names.release() }
    let client = try client(TestCertificate(for: "IP:127.0.0.1"), names) { $0.connectsAtOnce = 1 }
    let tasks = (1...100).map { _ in Task { await client.failure(of: try .post("https://pingate.invalid")) } }
    await names.waitUntilAsked()
    #expect(try await client.send(.post(server.url)).status == 200)
    for task in tasks { task.cancel() }
    for task in tasks {
      let failure = try #require(await task.value)
      #expect(failure.kind == .cancelled)
      #expect(failure.mayHaveBeenSent == false)
    }
    #expect(names.asked.count == 1)
  }

  @Test func `a request whose name is not found in time is told so`() async throws {
    let names = StandInNames(.silent)
    defer { names.release() }
    let certificate = try TestCertificate(for: "IP:127.0.0.1")
    for isConnecting in [true, false] {
      let client = try client(certificate, names) {
        if isConnecting { $0.connectTimeout = .milliseconds(20) } else { $0.timeout = .milliseconds(20) }
      }
      let failure = try #require(await client.failure(of: .post("https://pingate.invalid")))
      #expect(failure.kind == .timedOut)
      #expect(failure.mayHaveBeenSent == false)
    }
  }

  @Test func `closing fails a request whose name is being looked up`() async throws {
    let names = StandInNames(.silent)
    defer { names.release() }
    let client = try client(TestCertificate(for: "IP:127.0.0.1"), names)
    let task = Task { await client.failure(of: try .post("https://pingate.invalid")) }
    await names.waitUntilAsked()
    client.close()
    let failure = try #require(await task.value)
    #expect(failure.kind == .closed)
    #expect(failure.mayHaveBeenSent == false)
  }

  @Test func `requests that wait for a name go out when it is found`() async throws {
    let certificate = try TestCertificate(for: "DNS:pingate.invalid")
    let server = try TLSFixture(certificate)
    let names = StandInNames(.silent)
    let client = try client(certificate, names)
    let tasks = (1...3).map { _ in Task { try await client.send(.get("https://pingate.invalid:\(server.port)")).status }
    }
    await names.waitUntilAsked()
    names.release()
    for task in tasks { #expect(try await task.value == 200) }
    #expect(names.asked.count == 1)
  }

  @Test(arguments: ["https://127.0.0.1:1", "https://[::1]:1", "https://localhost:1", "https://a.localhost:1"])
  func `an address and this machine's name are not looked up`(url: String) async throws {
    let names = StandInNames(.found)
    let client = try client(TestCertificate(for: "IP:127.0.0.1"), names)
    #expect(try await client.failure(of: .post(url))?.kind == .couldNotConnect)
    #expect(names.asked.isEmpty)
  }
}
