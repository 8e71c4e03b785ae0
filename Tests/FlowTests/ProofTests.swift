import Gate
import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Flow

private func site(_ change: (inout GateSettings) -> Void = { _ in }) throws -> TestSite {
  var settings = GateSettings(audience: "www.example.com")
  change(&settings)
  return try TestSite(gate: settings)
}

extension Response {
  /// The cookie with the proof that it hands out, "name=value".
  var proof: String? {
    fields[fields: .setCookie].map(\.value).first {
      $0.hasPrefix("__Host-Http-pingate") || $0.hasPrefix("pingate-proof")
    }
    .map { String($0.prefix { $0 != ";" }) }
  }
}

@Test func `a success hands out a proof that passes the check`() async throws {
  let test = try site()
  let browser = Browser(test, isSecure: true)
  let page = await browser.register()
  #expect(page.proof == nil)
  let done = try await browser.verify(page)
  #expect(done.heading == "Account verified!")
  let proof = try #require(done.proof)
  #expect(proof.hasPrefix("__Host-Http-pingate=") && proof.utf8.count < 400)
  let check = Request.make(.get, "/check", ["HTTPS": "on", "HTTP_COOKIE": proof])
  #expect(test.gate?.answer(check, at: test.clock.now)?.status == .noContent)
  #expect(!proof.contains("12025550143") && !done.text.contains(proof.dropFirst(20)))
}

@Test func `nothing else than the first success hands one out`() async throws {
  let test = try site()
  let browser = Browser(test, isSecure: true)
  let page = await browser.register()
  test.verifier.onCheck(.success(.wrongCode))
  #expect(try await browser.verify(page).proof == nil)
  test.verifier.onCheck(.failure(VerifierFailure(.timedOut, detail: "late")))
  #expect(try await browser.verify(page).proof == nil)
  test.verifier.onCheck(.success(.verified))
  #expect(try await browser.verify(page).proof != nil)
  // The same once more: whoever has the form cannot have a second proof of it.
  #expect(try await browser.verify(page).proof == nil)
}

@Test func `without a gate there is no proof`() async throws {
  let test = try TestSite()
  let browser = Browser(test, isSecure: true)
  #expect(try await browser.verify(await browser.register()).proof == nil)
  #expect(await test.post("/signout", "").status == .notFound)
}

@Test func `over plain HTTP a success is told, and its owner hears why there is no proof`() async throws {
  let test = try site()
  let browser = Browser(test)
  let done = try await browser.verify(await browser.register())
  #expect(done.heading == "Account verified!" && done.proof == nil)
  #expect(test.log.lines.contains { $0.message == "gate.no_proof" })
  let open = try site { $0.allowsPlainHTTP = true }
  let other = Browser(open)
  #expect(try await other.verify(await other.register()).proof?.hasPrefix("pingate-proof=") == true)
}

@Test func `signing out takes the proof away, by a form of the site’s own only`() async throws {
  let test = try site()
  let done = await test.post("/signout", "", ["HTTPS": "on"])
  #expect(done.status == .ok && done.heading == "You are signed out")
  #expect(
    done.fields[.setCookie] == "__Host-Http-pingate=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax; Secure")
  let both = await test.post("/signout", "", ["HTTPS": "on", "HTTP_COOKIE": "__Host-Http-pingate-board=x"])
  #expect(
    both.fields[fields: .setCookie].map { $0.value.prefix { $0 != "=" } }
      == ["__Host-Http-pingate", "__Host-Http-pingate-board"])
  let foreign = await test.post("/signout", "", ["HTTPS": "on", "HTTP_SEC_FETCH_SITE": "cross-site"])
  #expect(foreign.status == .forbidden && foreign.fields[.setCookie] == nil)
  #expect(await test.get("/signout", ["HTTPS": "on"]).status == .methodNotAllowed)
}

@Test(arguments: [
  ["PINGATE_ROLE": "authorizer"], ["PINGATE_ROLE": "check"], ["PINGATE_ROLE": "enter"], ["PINGATE_ROLE": "gate"],
  ["PINGATE_ROLE": "x"], ["FCGI_ROLE": "AUTHORIZER"], ["FCGI_APACHE_ROLE": "ACCESS_CHECKER"],
])
func `where there is no gate, whoever asks whether a request may pass gets no page`(_ parameters: [String: String])
  async throws
{
  let test = try TestSite()
  for path in ["/", "/index.html", "/style.css", "/private/style.css"] {
    let response = await test.get(path, parameters)
    #expect(response.status == .notFound && response.fields[.location] == nil, "\(path)")
  }
}
