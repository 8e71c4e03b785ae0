import Curl
import HTTPFixture
import Testing

@Suite(.timeLimit(.minutes(2)))
struct TLSTests {
  private func client(trusting certificate: TestCertificate?) throws -> Client {
    let file = try certificate.map { try CertificateFile.find(configured: ($0.path, "x"), environment: [:]) }
    return try Client.make { $0.certificates = file }
  }

  @Test func `a server with a certificate that is trusted and for its name is asked`() async throws {
    let certificate = try TestCertificate(for: "IP:127.0.0.1")
    let server = try TLSFixture(certificate)
    #expect(try await client(trusting: certificate).send(.get(server.url)).status == 200)
  }

  @Test func `a certificate that nobody trusted signed is refused`() async throws {
    let server = try TLSFixture(TestCertificate(for: "IP:127.0.0.1"))
    let failure = try #require(
      await client(trusting: TestCertificate(for: "IP:127.0.0.1")).failure(of: .post(server.url)))
    #expect(failure.kind == .untrustedCertificate)
    #expect(failure.mayHaveBeenSent == false)
  }

  @Test func `a trusted certificate for another name is refused`() async throws {
    let certificate = try TestCertificate(for: "DNS:other.example")
    let server = try TLSFixture(certificate)
    let failure = try #require(await client(trusting: certificate).failure(of: .post(server.url)))
    #expect(failure.kind == .untrustedCertificate)
    #expect(failure.mayHaveBeenSent == false)
  }

  @Test func `without trusted certificates no https request is made`() async throws {
    let server = try TLSFixture(TestCertificate(for: "IP:127.0.0.1"))
    let failure = try #require(await client(trusting: nil).failure(of: .post(server.url)))
    #expect(failure.kind == .untrustedCertificate)
    #expect(failure.mayHaveBeenSent == false)
  }

  @Test func `TLS 1.1 is refused`() async throws {
    let certificate = try TestCertificate(for: "IP:127.0.0.1")
    let server = try TLSFixture(certificate, options: ["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"])
    let failure = try #require(await client(trusting: certificate).failure(of: .post(server.url)))
    #expect(failure.kind == .tlsFailed)
    #expect(failure.mayHaveBeenSent == false)
  }

  @Test func `TLS 1.2 is enough`() async throws {
    let certificate = try TestCertificate(for: "IP:127.0.0.1")
    let server = try TLSFixture(certificate, options: ["-tls1_2"])
    #expect(try await client(trusting: certificate).send(.get(server.url)).status == 200)
  }

  @Test func `a server that speaks no TLS is refused`() async throws {
    let server = try HTTPFixture { _ in .answer("Bad Request", status: 400, then: .close) }
    let certificate = try TestCertificate(for: "IP:127.0.0.1")
    let failure = try #require(
      await client(trusting: certificate).failure(of: .post("https://127.0.0.1:\(server.port)")))
    #expect(failure.kind == .tlsFailed)
    #expect(failure.mayHaveBeenSent == false)
  }

  @Test func `a server that never ends the handshake got nothing`() async throws {
    let server = try HTTPFixture { _ in .silence }
    let certificate = try TestCertificate(for: "IP:127.0.0.1")
    let file = try CertificateFile.find(configured: (certificate.path, "x"), environment: [:])
    let client = try Client.make {
      $0.certificates = file
      $0.connectTimeout = .seconds(2)
    }
    let failure = try #require(await client.failure(of: .post("https://127.0.0.1:\(server.port)")))
    #expect(failure.kind == .timedOut)
    #expect(failure.mayHaveBeenSent == false)
    await server.waitForRequests(1)  // its hello
  }

  @Test func `a session is resumed on an easy handle that never spoke to the server`() async throws {
    let mute = try HTTPFixture { _ in .silence }
    let certificate = try TestCertificate(for: "IP:127.0.0.1")
    let server = try TLSFixture(certificate, options: ["-tls1_2"])
    let client = try client(trusting: certificate)
    let first = try await client.send(.get(server.url))
    #expect(String(decoding: first.body, as: UTF8.self).contains("New, TLSv1.2"))
    // It takes the handle that is free.
    let busy = Task { await client.failure(of: try .post(mute.url)) }
    await mute.waitForRequests(1)
    let second = try await client.send(.get(server.url))
    #expect(String(decoding: second.body, as: UTF8.self).contains("Reused, TLSv1.2"))
    busy.cancel()
    _ = try await busy.value
  }
}
