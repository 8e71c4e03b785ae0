import Crypto
import Encoding
import Gateway
import HTTPTypes
import Limits
import Logging
import Testing
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

/// What a browser says of itself when it is on its way to a page.
private let navigation = [
  "HTTP_ACCEPT": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "HTTP_SEC_FETCH_MODE": "navigate",
  "QUERY_STRING": "",
]

extension TestSite {
  /// Posts as a browser does.
  fileprivate func navigate(_ path: String, _ body: String, _ more: [String: String] = [:]) async -> Response {
    await post(path, body, navigation.merging(more) { $1 })
  }

  fileprivate func get(_ redirect: Response, _ more: [String: String] = [:]) async throws -> Response {
    await get("/verify", ["QUERY_STRING": try redirect.view].merging(more) { $1 })
  }
}

extension Response {
  /// The query of the address that it sends a browser to.
  fileprivate var view: String {
    get throws {
      #expect(status == .seeOther)
      let address = try #require(fields[.location])
      let match = try #require(address.wholeMatch(of: /verify\?([A-Za-z0-9_-]+)/))
      return String(match.1)
    }
  }

  /// Without what is sealed anew each time, and what a page says of its own address.
  fileprivate var unsealed: String {
    text.replacing(/value="[A-Za-z0-9_-]{60,}"/, with: "").replacing(
      "content=\"strict-origin\"", with: "content=\"same-origin\"")
  }
}

/// A form, and what the provider says to it.
private struct Step: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let path: String
  var pin = ""
  var number = "+1 202 555 0143"
  /// Which country is served.
  var home = "US"
  var prepare: @Sendable (TestSite) -> Void = { _ in }

  func body(_ token: String) -> String {
    path == "/register" ? "number=\(number.formEncoded)" : "requestId=\(token)&pin=\(pin)"
  }
}

private let steps = [
  Step(testDescription: "sent", path: "/register"),
  Step(testDescription: "no number", path: "/register", number: " "),
  Step(testDescription: "bad number", path: "/register", number: "<call \"me\">"),
  Step(testDescription: "wrong country", path: "/register", number: "+33612345678"),
  Step(testDescription: "unclear", path: "/register", number: "+1 1 202 555 0143"),
  Step(testDescription: "landline", path: "/register", number: "020 7946 0018", home: "GB"),
  Step(testDescription: "provider down", path: "/register") {
    $0.verifier.onStart(.failure(.init(.unreachable, detail: "")))
  },
  Step(testDescription: "owner's fault", path: "/register") {
    $0.verifier.onStart(.failure(.init(.badCredentials, detail: "")))
  },
  Step(testDescription: "no PIN", path: "/verify"),
  Step(testDescription: "wrong PIN", path: "/verify", pin: "000000") { $0.verifier.onCheck(.success(.wrongCode)) },
  Step(testDescription: "right PIN", path: "/verify", pin: "123456"),
  Step(testDescription: "used PIN", path: "/verify", pin: "123456") { $0.verifier.onCheck(.success(.gone)) },
  Step(testDescription: "too early again", path: "/resend"),
  Step(testDescription: "sent again", path: "/resend") { $0.clock.advance(by: .seconds(31)) },
  Step(testDescription: "called", path: "/call") { $0.clock.advance(by: .seconds(31)) },
  Step(testDescription: "given up", path: "/cancel"),
]

@Test(arguments: steps)
private func `a browser is sent to an address that shows the page that a program gets at once`(step: Step) async throws
{
  func answer(_ more: [String: String]) async throws -> (TestSite, Response) {
    let test = try TestSite(plan: .serving(step.home))
    let token = step.path == "/register" ? "" : try await test.token()
    step.prepare(test)
    return (test, await test.post(step.path, step.body(token), more))
  }
  let (_, direct) = try await answer([:])
  let (test, redirect) = try await answer(navigation)
  let page = try await test.get(redirect)
  #expect(page.status == direct.status)
  let reference = /<code>[^<]*<\/code>/
  #expect(page.unsealed.replacing(reference, with: "") == direct.unsealed.replacing(reference, with: ""))
  #expect(page.retryAfter == direct.retryAfter)
  #expect(page.fields[.contentSecurityPolicy] == direct.fields[.contentSecurityPolicy])
  #expect(page.fields[.cacheControl] == "no-store" && redirect.fields[.cacheControl] == "no-store")
  #expect(redirect.body.isEmpty && redirect.fields[.contentLength] == "0")
  #expect(try redirect.view.utf8.count < 1_000)
  // As often as it is asked for, and its head too.
  #expect(try await test.get(redirect).text == page.text)
  let head = await test.get("/verify", method: .head, ["QUERY_STRING": try redirect.view])
  #expect(head.status == page.status && head.body.isEmpty)
  #expect(head.fields[.contentLength] == page.fields[.contentLength])
}

@Test func `every row that a page is made of can be asked for again`() throws {
  let views = TokenSeal<PageView>(.test, site: "x")
  for outcome in Outcome.all {
    let view = PageView(
      code: OutcomeRow(outcome).code, reference: "r", browserTag: Array(1...8), bareTag: Array(2...9),
      endsAt: Timestamp(secondsSinceEpoch: 1))
    let text = try #require(views.seal(view))
    #expect(views.open(text)?.outcome == outcome)
  }
}

@Test func `the pages of a visit can be left and come back to, and ask neither provider nor store`() async throws {
  let test = try TestSite()
  let sent = await test.navigate("/register", "number=12025550143")
  let shown = try await test.get(sent)
  let token = try #require(shown.token)
  test.verifier.onCheck(.success(.wrongCode))
  let wrong = await test.navigate("/verify", "requestId=\(token)&pin=000000")
  test.verifier.onCheck(.success(.verified))
  let verified = await test.navigate("/verify", "requestId=\(token)&pin=123456")
  let asked = (test.verifier.started.count, test.verifier.checked.count)
  let lines = test.log.lines.filter { $0.level > .debug }.count
  // The same settings and keys, and a store that cannot be reached.
  let without = try TestSite(store: ClosedStore(StoreFailure(.full, "gone")))
  for site in [test, without] {
    #expect(try await site.get(sent).heading == "Enter your PIN")
    #expect(try await site.get(wrong).title?.hasPrefix("Error: ") == true)
    #expect(try await site.get(wrong).token == token)
    #expect(try await site.get(verified).heading == "Account verified!")
    #expect(try await site.get(sent).token == token)
  }
  #expect(asked == (test.verifier.started.count, test.verifier.checked.count))
  #expect(test.log.lines.filter { $0.level > .debug }.count == lines)
  let used = await test.navigate("/verify", "requestId=\(token)&pin=123456")
  #expect(try await test.get(used).heading == "This PIN was already used")
}

@Test func `nothing can be read in an address, and no page is made of one that was changed`() async throws {
  let test = try TestSite()
  let redirect = await test.navigate("/register", "number=%2B1+202+555+0143")
  let view = try redirect.view
  let bytes = try #require(Base64URL.decode(view))
  #expect(!String(decoding: bytes, as: UTF8.self).contains("2025550143"))
  let shown = try await test.get(redirect)
  let token = try #require(shown.token)
  var others = [
    String(view.dropLast()), String(view.dropFirst()), view + "A", "A",
    token,
    String(repeating: "A", count: 100_000),
  ]
  for position in bytes.indices {
    var changed = bytes
    changed[position] ^= 1
    others.append(Base64URL.encode(changed))
  }
  for other in others {
    let page = await test.get("/verify", ["QUERY_STRING": other])
    #expect(page.status == .badRequest && page.heading == "We do not recognize this form")
    #expect(page.text.contains(#"<a class="button" href="./">Start again</a>"#))
  }
  // Nor does it open as anything else.
  #expect(await test.verify(view).status == .badRequest)
  // What messengers and mail programs add to an address does no harm.
  #expect(await test.get("/verify", ["QUERY_STRING": view + "&utm_source=x"]).status == .ok)
}

@Test func `a view is of one site and its keys, which may change`() async throws {
  let test = try TestSite()
  let redirect = await test.navigate("/register", "number=12025550143")
  let new = SymmetricKey(data: [UInt8](repeating: 8, count: 32))
  let old = SymmetricKey(data: [UInt8](repeating: 7, count: 32))
  let rotated = try TestSite(keyring: try #require(Keyring([new, old])))
  #expect(try await rotated.get(redirect).status == .ok)
  let foreign = try TestSite(keyring: try #require(Keyring([new])))
  #expect(try await foreign.get(redirect).status == .badRequest)
  #expect(try await TestSite(settings: FlowSettings(identity: "other")).get(redirect).status == .badRequest)
}

@Test func `a view lives as long as its attempt, to the second`() async throws {
  let test = try TestSite()
  let sent = await test.navigate("/register", "number=12025550143")
  let bad = await test.navigate("/register", "number=hello")
  test.clock.advance(by: .seconds(300))
  let shown = try await test.get(sent)
  let token = try #require(shown.token)
  let late = await test.navigate("/verify", "requestId=\(token)&pin=")
  test.clock.advance(by: .seconds(299))
  for redirect in [sent, late] { #expect(try await test.get(redirect).heading == "Enter your PIN") }
  #expect(try await test.get(bad).status == .unprocessableContent)
  test.clock.advance(by: .seconds(1))
  for redirect in [sent, late] {
    let page = try await test.get(redirect)
    #expect(page.status == .gone && page.heading == "This PIN has expired")
  }
  #expect(try await test.get(bad).heading == "We do not recognize this form")
  // A clock that was set back brings nothing to life.
  test.clock.advance(by: .seconds(-700))
  #expect(try await test.get(sent).status == .gone)
}

@Test func `what was done late is told all the same`() async throws {
  let test = try TestSite()
  let token = try await test.token()
  test.clock.advance(by: .seconds(598))
  let body = "requestId=\(token)"
  let clock = test.clock
  test.verifier.onCheck(.success(.verified))
  test.verifier.beforeCheck { clock.advance(by: .seconds(3)) }
  let verified = await test.navigate("/verify", body + "&pin=123456")
  #expect(try await test.get(verified).heading == "Account verified!")
  let given = await test.navigate("/cancel", body)
  #expect(try await test.get(given).status == .ok)
}

@Test func `a number is asked about at an address too, and the way that the PIN shall come is kept`() async throws {
  let test = try TestSite(plan: .serving("US", "BZ"))
  let asked = await test.navigate("/register", "number=501+622+1234&channel=call")
  let question = try await test.get(asked)
  #expect(question.heading == "Which number did you mean?")
  #expect(question.text.contains(#"name="channel" value="call""#))
  let buttons = question.text.matches(of: /name="number" value="([^"]+)"/).map { String($0.1) }
  #expect(buttons == ["+1 501-622-1234", "+501 622-1234"])
  let form = try #require(question.form)
  let body = "number=\(buttons[1].formEncoded)&confirmed=yes&channel=call&form=\(form)"
  let page = try await test.get(await test.navigate("/register", body))
  #expect(page.text.contains("We are calling"))
  #expect(test.verifier.started.map(\.number.digits) == ["5016221234"])
  // Where the number is none to ask about by now, there is no such page.
  let other = try await TestSite(plan: .serving("US")).get(asked)
  #expect(other.status == .badRequest && other.heading == "We do not recognize this form")
}

@Test func `a page at its address speaks of what was asked for`() async throws {
  let test = try TestSite()
  let token = try await test.token()
  test.clock.advance(by: .seconds(31))
  test.verifier.onSendAgain(.failure(VerifierFailure(.unreachable, detail: "")))
  let failed = await test.navigate("/call", "requestId=\(token)")
  #expect(try await test.get(failed).text.contains("We could not call you just now."))
  let landlines = try TestSite(plan: .serving("GB"))
  landlines.verifier.onStart(.failure(VerifierFailure(.timedOut, detail: "")))
  let lost = await landlines.navigate("/register", "number=%2B442079460018&channel=call")
  #expect(try await landlines.get(lost).text.contains("We asked for your call"))
}

@Test func `the time to wait counts on while the page is shown again`() async throws {
  let test = try TestSite(policy: LimitsPolicy(limits: [.browserTries: Limit(1, per: .seconds(300))]))
  let token = try await test.token()
  test.verifier.onCheck(.success(.wrongCode))
  _ = await test.verify(token, pin: "000000")
  let limited = await test.navigate("/verify", "requestId=\(token)&pin=000000")
  for (passed, left, words) in [(0, "300", "in 5 minutes."), (241, "59", "in 59 seconds."), (58, "1", "in 1 second.")] {
    test.clock.advance(by: .seconds(passed))
    let page = try await test.get(limited)
    #expect(page.status == .tooManyRequests && page.retryAfter == left)
    #expect(page.text.contains("You have tried many PINs in a short time. Try again \(words)"))
  }
  test.clock.advance(by: .seconds(1))
  #expect(try await test.get(limited).text.contains("You have tried many PINs in a short time. Try again now."))
}

@Test func `a view is for the browser that it was made for`() async throws {
  let test = try TestSite()
  let redirect = await test.navigate("/register", "number=12025550143")
  let cookie = String(try #require(redirect.fields[.setCookie]).prefix { $0 != ";" })
  let other = "pingate-browser=" + BrowserID().text
  #expect(try await test.get(redirect, ["HTTP_COOKIE": cookie]).status == .ok)
  #expect(try await test.get(redirect, ["HTTP_COOKIE": other]).status == .badRequest)
  // Wherever it is by now, as telephones are.
  let elsewhere = ["REMOTE_ADDR": "198.51.100.7", "HTTP_USER_AGENT": "another"]
  #expect(try await test.get(redirect, elsewhere.merging(["HTTP_COOKIE": cookie]) { $1 }).status == .ok)
  // One that keeps no cookie, and not whoever has found the address in a log.
  #expect(try await test.get(redirect).status == .ok)
  for other in [elsewhere, ["REMOTE_ADDR": "198.51.100.7"], ["HTTP_USER_AGENT": "another"]] {
    #expect(try await test.get(redirect, other).status == .badRequest)
  }
}

@Test func `a form on another site that may have it leads to its page too`() async throws {
  let test = try TestSite(
    settings: FlowSettings(identity: "www.example.com", allowedOrigins: ["https://shop.example"]))
  let foreign = ["HTTP_SEC_FETCH_SITE": "cross-site", "HTTP_ORIGIN": "https://shop.example"]
  let redirect = await test.navigate("/register", "number=12025550143", foreign)
  #expect(redirect.fields[.setCookie] == nil)
  #expect(try await test.get(redirect, ["HTTP_SEC_FETCH_SITE": "cross-site"]).heading == "Enter your PIN")
}

@Test func `two tabs keep their pages apart`() async throws {
  let test = try TestSite()
  let one = await test.navigate("/register", "number=12025550143")
  let cookie = ["HTTP_COOKIE": String(try #require(one.fields[.setCookie]).prefix { $0 != ";" })]
  test.verifier.onStart(.success(.sent(.second)))
  let other = await test.navigate("/register", "number=12025550144", cookie)
  #expect(try await test.get(one, cookie).text.contains("0143"))
  #expect(try await test.get(other, cookie).text.contains("0144"))
}

@Test(arguments: [
  (["HTTP_ACCEPT": "text/html"], true), (["HTTP_ACCEPT": "text/*, TEXT/HTML;q=0.9"], true),
  (["HTTP_ACCEPT": "*/*", "HTTP_SEC_FETCH_MODE": "navigate"], true), (["HTTP_SEC_FETCH_MODE": "navigate"], true),
  ([:], false), (["HTTP_ACCEPT": "*/*"], false), (["HTTP_ACCEPT": "text/*"], false),
  (["HTTP_ACCEPT": "application/json"], false), (["HTTP_ACCEPT": "text/html;q=0, */*"], false),
  (["HTTP_ACCEPT": "text/html; q=0.000"], false), (["HTTP_ACCEPT": "*/*", "HTTP_SEC_FETCH_MODE": "cors"], false),
])
func `a browser on its way to a page is told from a program`(headers: [String: String], isBrowser: Bool) async throws {
  let test = try TestSite()
  let response = await test.post("/register", "number=12025550143", headers.merging(["QUERY_STRING": ""]) { $1 })
  #expect(response.status == (isBrowser ? .seeOther : .ok))
}

@Test func `behind a web server that keeps queries to itself the page is answered at once`() async throws {
  let test = try TestSite()
  let html = ["HTTP_ACCEPT": "text/html"]
  #expect(await test.post("/register", "number=12025550143", html).status == .ok)
  let redirect = await test.post("/register", "number=hello", html.merging(["REQUEST_URI": "/register"]) { $1 })
  let uri = "/verify?" + (try redirect.view)
  #expect(await test.get("/verify", ["REQUEST_URI": uri]).status == .unprocessableContent)
}

@Test func `a number that is too long for an address is answered at once`() async throws {
  let test = try TestSite()
  for (length, status) in [
    (512, HTTPResponse.Status.seeOther), (513, .unprocessableContent), (8_000, .unprocessableContent),
  ] {
    #expect(await test.navigate("/register", "number=" + String(repeating: "x", count: length)).status == status)
  }
}

@Test func `without a view only forms are taken, and with one it can be read`() async throws {
  let test = try TestSite()
  for query in ["", "pin=123456", "a=b", "?", "%41"] {
    for method in [HTTPRequest.Method.get, .head, .put] {
      let response = await test.get("/verify", method: method, ["QUERY_STRING": query])
      #expect(response.status == .methodNotAllowed && response.fields[.allow] == "POST", "\(query)")
    }
  }
  let view = try await test.navigate("/register", "number=12025550143").view
  let put = await test.get("/verify", method: .put, ["QUERY_STRING": view])
  #expect(put.status == .methodNotAllowed && put.fields[.allow] == "GET, HEAD, POST")
  #expect(await test.get("/register", ["QUERY_STRING": view]).status == .methodNotAllowed)
}

@Test func `the cookie comes with the address, and no other page hears of that`() async throws {
  let test = try TestSite()
  let redirect = await test.navigate("/register", "number=12025550143", ["HTTPS": "on"])
  #expect(redirect.fields[.setCookie]?.hasPrefix("__Host-pingate-browser=") == true)
  let page = try await test.get(redirect)
  #expect(page.fields[.setCookie] == nil)
  // Neither other sites nor the logs of this one's other pages get to see its address.
  #expect(page.fields[.referrerPolicy] == "strict-origin")
  #expect(page.text.contains(#"<meta name="referrer" content="strict-origin">"#))
}
