import Gateway
import HTTPTypes
import Logging
import Testing
import Verification

@testable import Flow

@Test func `one line an event, with a code and a masked number`() async throws {
  let test = try TestSite()
  let token = try await test.token()
  #expect(test.log.lines.map(\.message) == ["start.sent"])
  #expect(test.log.lines[0].metadata["number"] == "*********43")
  #expect(test.log.lines[0].metadata["request"] == "abcdef01…")
  #expect(test.log.lines[0].metadata["status"] == "200")
  _ = await test.verify(token)
  #expect(test.log.lines.map(\.message) == ["start.sent", "check.verified"])
}

@Test func `no number, PIN or token is ever logged`() async throws {
  let test = try TestSite()
  let number = "+1 202 555 0176"
  let token = try await test.token(number)
  let starts: [Result<SendOutcome, VerifierFailure>] =
    [.success(.alreadyRunning(.test)), .success(.badNumber), .success(.unsupportedDestination), .success(.blocked)]
    + VerifierFailure.Kind.allCases.map { .failure(VerifierFailure($0, detail: "detail")) }
  for result in starts {
    test.verifier.onStart(result)
    _ = await test.post("/register", "number=\(number.formEncoded)")
  }
  let checks: [Result<CheckOutcome, VerifierFailure>] =
    [.success(.verified), .success(.wrongCode), .success(.tooManyWrongCodes), .success(.gone)]
    + VerifierFailure.Kind.allCases.map { .failure(VerifierFailure($0, detail: "detail")) }
  for result in checks {
    test.verifier.onCheck(result)
    _ = await test.verify(token, pin: "424242")
  }
  _ = await test.verify(token, pin: "4242424242")
  _ = await test.verify(token + "x", pin: "424242")
  _ = await test.post("/register", "number=not+a+number+12025550176")
  _ = await test.post("/register", "form=12025550176&form=42")
  _ = await test.get("/12025550176")
  _ = await test.post("/verify", "pin=424242", ["HTTP_SEC_FETCH_SITE": "cross-site"])
  #expect(test.log.lines.count == 1 + starts.count + checks.count + 6)
  for line in test.log.lines {
    #expect(line.text.firstMatch(of: /5550176|555 0176|424242|not a number/) == nil, "\(line.text)")
    #expect(!line.text.contains(token))
  }
}

@Test func `a level that is not asked for is not written`() async throws {
  let test = try TestSite(logLevel: .notice)
  _ = try await test.token()
  _ = await test.get("/nothing")
  #expect(test.log.lines.isEmpty)
  _ = await test.post("/register", "x", ["CONTENT_TYPE": "text/plain"])
  #expect(test.log.lines.map(\.message) == ["request.unsupported_type"])
}

@Test func `a page that is the site's fault names the line in the log`() async throws {
  let test = try TestSite()
  test.verifier.onStart(.failure(VerifierFailure(.badCredentials, detail: "status 4")))
  let response = await test.post("/register", "number=12025550143")
  let reference = try #require(response.text.firstMatch(of: /<code>([a-z0-9]+)<\/code>/)?.1)
  #expect(test.log.lines.last?.metadata["exchange"] == String(reference))
  #expect(test.log.lines.last?.level == .critical)
  #expect(await test.get("/nothing").text.contains("<code>") == false)
}

@Test func `the provider's own code is in the log beside what it means`() async throws {
  let test = try TestSite()
  test.verifier.onStart(.failure(VerifierFailure(.quotaExceeded, code: "vonage-v1/9", detail: "status 9")))
  _ = await test.post("/register", "number=12025550143")
  let line = try #require(test.log.lines.first)
  #expect(line.message == "start.quota_exceeded" && line.metadata["provider_code"] == "vonage-v1/9")
}
