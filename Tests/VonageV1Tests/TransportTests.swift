import Curl
import HTTPFixture
import Testing
import Verification
import VonageV1

/// What becomes of a start when the way to Vonage is bad.
@Suite(.timeLimit(.minutes(2)))
struct TransportTests {
  private func failure(of verifier: VonageVerifier) async -> VerifierFailure? {
    do throws(VerifierFailure) {
      _ = try await verifier.start(.example, by: .text, languages: [])
      return nil
    } catch {
      return error
    }
  }

  @Test func `nobody listens: it is tried twice, with one pause`() async throws {
    let port = try ReservedPort()
    let pauses = Counter()
    let verifier = try VonageVerifier.make(.make(url: port.url)) { await pauses.count() }
    let failure = try #require(await failure(of: verifier))
    #expect(failure.kind == .unreachable)
    #expect(failure.detail.contains("CURLcode 7"))
    #expect(await pauses.value == 1)
  }

  @Test func `nobody listens at first: the second try gets through`() async throws {
    let port = try ReservedPort()
    let servers = Shelf()
    let verifier = try VonageVerifier.make(.make(url: port.url)) {
      await servers.keep(try? HTTPFixture(on: port) { _ in .answer(#"{"request_id":"\#(exampleID)","status":"0"}"#) })
    }
    #expect(try await verifier.start(.example, by: .text, languages: []) == .sent(.example))
    #expect(await servers.server?.requests.count == 1)
  }

  @Test(arguments: [Reaction.Then.close, .reset])
  func `an answer that was lost is not asked for again`(then: Reaction.Then) async throws {
    let pauses = Counter()
    for cut in ["", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{\"status\":\"0\""] {
      let server = try HTTPFixture { _ in .send(Array(cut.utf8), then: then) }
      let verifier = try VonageVerifier.make(.make(url: server.url)) { await pauses.count() }
      #expect(await failure(of: verifier)?.kind == .connectionLost)
      #expect(server.requests.count == 1)
    }
    #expect(await pauses.value == 0)
  }

  @Test func `an answer that is lost on a kept connection is not asked for again`() async throws {
    let server = try HTTPFixture { request in
      request.number == 2 ? .send([], then: .close) : .answer(#"{"request_id":"\#(exampleID)","status":"0"}"#)
    }
    let verifier = try VonageVerifier.make(server)
    _ = try await verifier.start(.example, by: .text, languages: [])
    #expect(await failure(of: verifier)?.kind == .connectionLost)
    #expect(server.requests.count == 2)
  }

  @Test func `a server that does not answer in time is not asked again`() async throws {
    let server = try HTTPFixture { _ in .silence }
    let pauses = Counter()
    let verifier = try VonageVerifier.make(.make(url: server.url), timeout: .seconds(2)) {
      await pauses.count()
    }
    #expect(await failure(of: verifier)?.kind == .timedOut)
    await server.waitForRequests(1)
    #expect(server.requests.count == 1)
    #expect(await pauses.value == 0)
  }

  @Test func `a provider that is not reached in time got nothing, and is told from one that does not answer`()
    async throws
  {
    // Its name is looked up until the time to connect is over, or at once has no address.
    let server = try HTTPFixture { _ in .silence }
    let verifier = try VonageVerifier.make(.make(url: server.url), timeout: .zero)
    let failure = try #require(await failure(of: verifier))
    #expect(failure.kind == .notReachedInTime && failure.isCertainlyNotSent)
  }

  @Test func `an answer that is too large`() async throws {
    let server = try HTTPFixture { _ in .answer(String(repeating: " ", count: 65_537)) }
    #expect(await failure(of: try .make(server))?.kind == .oversizedAnswer)
  }

  @Test func `an answer that is not HTTP`() async throws {
    let server = try HTTPFixture { _ in .send(Array("garbage\r\n\r\n".utf8), then: .close) }
    #expect(await failure(of: try .make(server))?.kind == .malformedAnswer)
  }

  @Test func `a bad certificate is not tried twice`() async throws {
    let server = try TLSFixture(TestCertificate(for: "IP:127.0.0.1"))
    let other = try TestCertificate(for: "IP:127.0.0.1")
    var configuration = Configuration()
    configuration.certificates = try CertificateFile.find(configured: (other.path, "x"), environment: [:])
    let pauses = Counter()
    let verifier = VonageVerifier(try .make(url: server.url), client: try Client(configuration)) {
      await pauses.count()
    }
    #expect(await failure(of: verifier)?.kind == .untrustedCertificate)
    #expect(await pauses.value == 0)
  }

  @Test func `a client that is closed`() async throws {
    let server = try HTTPFixture { _ in .answer("") }
    let client = try Client()
    client.close()
    let verifier = VonageVerifier(try .make(url: server.url), client: client) {}
    #expect(await failure(of: verifier)?.kind == .overloaded)
    #expect(server.connections == 0)
  }
}

private actor Counter {
  private(set) var value = 0
  func count() { value += 1 }
}

private actor Shelf {
  private(set) var server: HTTPFixture?
  func keep(_ server: HTTPFixture?) { self.server = server }
}
