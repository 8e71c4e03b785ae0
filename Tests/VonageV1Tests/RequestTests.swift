import Curl
import HTTPFixture
import Testing
import Verification
import VonageV1

/// The bytes that Vonage gets, against the specification's names (schemas `verifyRequest` and `checkRequest`).
@Suite(.timeLimit(.minutes(2)))
struct RequestTests {
  private static let answer = Reaction.answer(#"{"request_id":"\#(exampleID)","status":"0"}"#)

  @Test func `a start with everything`() async throws {
    let server = try HTTPFixture { _ in Self.answer }
    let settings = try VonageSettings(
      apiKey: "abcd1234", apiSecret: "Sup3rS3cr3t!!", brand: "Acme Inc", url: server.url, workflowID: 4,
      pinExpiry: .seconds(240), nextEventWait: .seconds(120), senderID: "ACME")
    _ = try await VonageVerifier.make(settings).start(.example, by: .text, languages: ["xx", "de-at"])
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/verify/json")
    #expect(request.field("Content-Type") == "application/x-www-form-urlencoded")
    #expect(request.field("Authorization") == "Basic YWJjZDEyMzQ6U3VwM3JTM2NyM3QhIQ==")
    #expect(
      request.form == [
        ["number", "447700900000"], ["brand", "Acme+Inc"], ["code_length", "6"],
        ["sender_id", "ACME"], ["lg", "de-de"], ["workflow_id", "4"], ["pin_expiry", "240"],
        ["next_event_wait", "120"],
      ])
  }

  @Test func `a start with nothing but what is needed`() async throws {
    let server = try HTTPFixture { _ in Self.answer }
    _ = try await VonageVerifier.make(server).start(.example, by: .text, languages: ["xx", "*", ""])
    #expect(
      server.requests.first?.form == [
        ["number", "447700900000"], ["brand", "Acme+Inc"], ["code_length", "6"], ["workflow_id", "6"],
      ])
  }

  @Test func `a check`() async throws {
    let server = try HTTPFixture { _ in Self.answer }
    _ = try await VonageVerifier.make(server).check(.example, of: .example)
    let request = try #require(server.requests.first)
    #expect(request.method == "POST")
    #expect(request.target == "/verify/check/json")
    #expect(request.field("Authorization") == "Basic YWJjZDEyMzQ6U3VwM3JTM2NyM3QhIQ==")
    #expect(request.form == [["request_id", exampleID], ["code", "271828"]])
  }

  @Test func `a brand in any script`() async throws {
    let server = try HTTPFixture { _ in Self.answer }
    let verifier = try VonageVerifier.make(.make(url: server.url, brand: "Café Söhne 1"))
    _ = try await verifier.start(.example, by: .text, languages: [])
    #expect(server.requests.first?.form[1] == ["brand", "Caf%C3%A9+S%C3%B6hne+1"])
  }

  @Test func `an address with a path of its own`() async throws {
    let server = try HTTPFixture { _ in Self.answer }
    _ = try await VonageVerifier.make(.make(url: server.url + "/gateway/")).start(.example, by: .text, languages: [])
    #expect(server.requests.first?.target == "/gateway/verify/json")
  }

  @Test func `a redirect is not followed, so that credentials and numbers stay home`() async throws {
    let other = try HTTPFixture { _ in Self.answer }
    let server = try HTTPFixture { [url = other.url] _ in .answer("", status: 307, fields: ["Location: \(url)/"]) }
    await #expect(throws: VerifierFailure(.httpError, code: "vonage-v1/HTTP 307", detail: "HTTP 307")) {
      try await VonageVerifier.make(server).start(.example, by: .text, languages: [])
    }
    #expect(other.connections == 0)
  }
}
