import Curl
import HTTPFixture
import Testing
import Verification

@testable import VonageV1

/// What an owner learns about an account, without anything being sent.
@Suite(.timeLimit(.minutes(2))) struct AccountTests {
  private func account(_ server: HTTPFixture) throws -> VonageAccount {
    var configuration = Configuration()
    configuration.timeout = .seconds(60)
    return VonageAccount(try .make(url: server.url), client: try Client(configuration))
  }

  private func failure(_ body: () async throws(VerifierFailure) -> Void) async -> VerifierFailure.Kind? {
    do throws(VerifierFailure) {
      try await body()
      return nil
    } catch {
      return error.kind
    }
  }

  @Test(arguments: [
    (#"{"status":"101","error_text":"No response found"}"#, nil), (#"{"status":"6"}"#, nil), (#"{"status":"3"}"#, nil),
    (#"{"status":"4"}"#, VerifierFailure.Kind.badCredentials), (#"{"status":"8"}"#, .accountBarred),
    (#"{"status":"9"}"#, .quotaExceeded), (#"{"status":"2"}"#, .invalidRequest), ("<html>", .malformedAnswer),
    (#"{"status":"29"}"#, .notPermitted),
  ])
  func `is known when the API has looked for a request`(answer: String, kind: VerifierFailure.Kind?) async throws {
    let server = try HTTPFixture { _ in .answer(answer) }
    let account = try account(server)
    #expect(await failure { () throws(VerifierFailure) in try await account.probe() } == kind)
    let request = try #require(server.requests.first)
    #expect(server.requests.count == 1)
    #expect(request.method == "POST")
    #expect(request.target == "/verify/search/json")
    #expect(request.field("Authorization")?.hasPrefix("Basic ") == true)
    #expect(request.form.map { $0[0] } == ["request_id"])
    #expect(request.form[0][1].utf8.count == 32)
  }

  @Test(arguments: [
    (#"{"value":10.28,"autoReload":false}"#, 10.28, false), (#"{"value":0,"autoReload": true}"#, 0, true),
    (#"{"value":-1.5e1}"#, -15, false), (#"{"autoReload":true,"value":3.14159}"#, 3.14159, true),
  ])
  func `has a balance`(answer: String, euros: Double, reloads: Bool) async throws {
    let server = try HTTPFixture { _ in .answer(answer) }
    #expect(try await account(server).balance() == .init(euros: euros, reloads: reloads))
    #expect(server.requests.map(\.target) == ["/account/get-balance"])
  }

  @Test(arguments: [
    (#"{"value":"10"}"#, 200, VerifierFailure.Kind.malformedAnswer), ("[]", 200, .malformedAnswer),
    ("", 200, .malformedAnswer),
    (#"{"value":1e999}"#, 200, .malformedAnswer), ("{}", 401, .badCredentials), ("{}", 404, .httpError),
  ])
  func `has a balance that cannot be read`(answer: String, status: Int, kind: VerifierFailure.Kind) async throws {
    let server = try HTTPFixture { _ in .answer(answer, status: status) }
    let account = try account(server)
    #expect(await failure { () throws(VerifierFailure) in _ = try await account.balance() } == kind)
  }

  @Test(arguments: [
    ("https://api.nexmo.com", "https://rest.nexmo.com/account/get-balance"),
    ("https://api-eu.nexmo.com/", "https://rest.nexmo.com/account/get-balance"),
    ("https://api.nexmo.com.evil.example", "https://api.nexmo.com.evil.example/account/get-balance"),
    ("https://evilnexmo.com", "https://evilnexmo.com/account/get-balance"),
    ("http://127.0.0.1:8080/sandbox", "http://127.0.0.1:8080/sandbox/account/get-balance"),
  ])
  func `is asked at Vonage's own place, and else where the owner says`(url: String, place: String) throws {
    #expect(VonageAccount(try .make(url: url), client: try Client()).balanceURL.text == place)
  }
}
