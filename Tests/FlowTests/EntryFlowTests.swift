import Gate
import Gateway
import HTTPTypes
import Testing
import Tokens
import Verification

@testable import Flow
@testable import Pages

private func site(remembers: Bool = true, _ change: (inout GateSettings) -> Void = { _ in }) throws -> TestSite {
  var settings = GateSettings(audience: "www.example.com")
  if !remembers { settings.rememberedLife = nil }
  change(&settings)
  return try TestSite(gate: settings)
}

extension TestSite {
  /// What the gate sends a visitor of a guarded page to, below the first page.
  fileprivate func sent(from target: String, _ more: [String: String] = [:], method: HTTPRequest.Method = .get) throws
    -> String
  {
    let parameters = ["HTTPS": "on", "HTTP_ACCEPT": "text/html", "PINGATE_RETURN": target].merging(more) { $1 }
    let response = gate?.answer(.make(method, "/enter", parameters), at: clock.now)
    return try #require(response?.fields[.location])
  }

  /// The first page with what its form carries.
  fileprivate func entry(_ address: String) async throws -> (page: Response, ticket: String) {
    let query = String(address.drop { $0 != "?" }.dropFirst())
    let page = await get("/", ["HTTPS": "on", "QUERY_STRING": query])
    return (page, try #require(page.text.firstMatch(of: /name="return" value="([^"]+)"/)).1.description)
  }
}

extension Browser {
  fileprivate func register(_ ticket: String, _ number: String = "+1 202 555 0143") async -> Response {
    await post("/register", "number=\(number.formEncoded)&return=\(ticket)")
  }
}

@Test(arguments: ["/private/", "/private/big.txt?a=1&b=%26%23;c='\"", "/" + String(repeating: "x", count: 4_095)])
func `a visitor comes back to where they wanted to go`(target: String) async throws {
  let test = try site()
  let (page, ticket) = try await test.entry(try test.sent(from: target))
  #expect(page.status == .ok && page.fields[.cacheControl] == "no-store")
  let browser = Browser(test, isSecure: true)
  let done = try await browser.verify(await browser.register(ticket))
  #expect(done.status == .seeOther && done.fields[.location] == target && done.proof != nil)
}

@Test func `the way back outlives wrong numbers, wrong PINs, other numbers and new messages`() async throws {
  let test = try site()
  let (_, ticket) = try await test.entry(try test.sent(from: "/private/"))
  let browser = Browser(test, isSecure: true)
  let wrong = await browser.register(ticket, "123")
  let form = try #require(wrong.form)
  var page = await browser.register(form: form)
  test.verifier.onCheck(.success(.wrongCode))
  page = try await browser.verify(page)
  page = try await browser.press("cancel", on: page)
  #expect(page.token == nil)
  page = await browser.register("+1 202 555 0144", form: page.form)
  test.verifier.onCheck(.success(.verified))
  #expect(try await browser.verify(page).fields[.location] == "/private/")
}

@Test func `whoever asks twice gets back to where they wanted to go the second time`() async throws {
  let test = try site()
  let browser = Browser(test, isSecure: true)
  let (_, one) = try await test.entry(try test.sent(from: "/one/"))
  let (_, two) = try await test.entry(try test.sent(from: "/two/"))
  let first = await browser.register(one)
  let second = await browser.register(two)
  #expect(test.verifier.started.count == 1 && second.token != nil)
  #expect(try await browser.verify(second).fields[.location] == "/two/")
  _ = first
}

@Test func `two tabs do not mix`() async throws {
  let test = try site()
  let browser = Browser(test, isSecure: true)
  let (_, one) = try await test.entry(try test.sent(from: "/one/"))
  let (_, two) = try await test.entry(try test.sent(from: "/two/"))
  let first = await browser.register(one, "+1 202 555 0143")
  let second = await browser.register(two, "+1 202 555 0144")
  #expect(try await browser.verify(first).fields[.location] == "/one/")
  #expect(second.token != first.token)
}

@Test func `a first page of the site’s own needs no field for it`() async throws {
  let test = try site()
  let address = try test.sent(from: "/private/")
  let browser = Browser(test, isSecure: true)
  let page = await test.post(
    "/register", "number=" + "+1 202 555 0143".formEncoded,
    ["HTTPS": "on", "HTTP_REFERER": "https://www.example.com" + address])
  let cookies = page.fields[fields: .setCookie].map { String($0.value.prefix { $0 != ";" }) }.joined(separator: "; ")
  let done = await test.post(
    "/verify", "requestId=\(try #require(page.token))&pin=123456", ["HTTPS": "on", "HTTP_COOKIE": cookies])
  #expect(done.fields[.location] == "/private/")
  _ = browser
}

@Test func `what nobody has sealed leads nowhere`() async throws {
  let test = try site()
  for ticket in ["", "x", "/evil", "https://evil.example/", String(repeating: "A", count: 6_000)] {
    #expect(!(await test.get("/", ["QUERY_STRING": "return=\(ticket)"])).text.contains("name=\"return\""))
    let browser = Browser(test, at: "192.0.2.\(1 + ticket.utf8.count % 90)", isSecure: true)
    let number = "+1 202 555 01\(10 + ticket.utf8.count % 90)"
    let page = await browser.register(ticket.formEncoded, number)
    #expect(try await browser.verify(page).heading == "Account verified!")
  }
}

@Test func `of a form that was lost the first page says so`() async throws {
  let test = try site()
  let (page, _) = try await test.entry(
    try test.sent(from: "/private/form", ["HTTP_SEC_FETCH_MODE": "navigate"], method: .post))
  #expect(page.text.contains("What you sent was not passed on") && page.text.contains(#"class="notice" role="status""#))
  #expect(!(try await test.entry(try test.sent(from: "/private/"))).page.text.contains("not passed on"))
}

@Test func `what a proof is to be good for comes with the visitor`() async throws {
  let test = try site()
  let (_, ticket) = try await test.entry(try test.sent(from: "/board/", ["PINGATE_PURPOSE": "board"]))
  let browser = Browser(test, isSecure: true)
  let proof = try #require(try await browser.verify(await browser.register(ticket)).proof)
  func check(_ purpose: String) -> HTTPResponse.Status? {
    test.gate?.answer(
      .make(.get, "/check", ["HTTPS": "on", "HTTP_COOKIE": proof, "PINGATE_PURPOSE": purpose]), at: test.clock.now
    )?.status
  }
  #expect(proof.hasPrefix("__Host-Http-pingate-board="))
  #expect(check("board") == .noContent && check("") == .unauthorized)
}

@Test func `a browser is remembered for longer where its visitor wants it`() async throws {
  let test = try site()
  let browser = Browser(test, isSecure: true)
  let page = await browser.register()
  #expect(page.text.contains(#"name="remember" value="yes""#))
  let done = await browser.post("/verify", "requestId=\(try #require(page.token))&pin=123456&remember=yes")
  #expect(
    done.fields[fields: .setCookie].map(\.value).contains { $0.contains("pingate=") && $0.contains("Max-Age=2592000;") }
  )
  let forgetful = try site(remembers: false)
  #expect(!(await Browser(forgetful, isSecure: true).register()).text.contains("remember"))
  #expect(!(await Browser(try TestSite(), isSecure: true).register()).text.contains("remember"))
}

// MARK: The browser that began

@Test func `nobody finishes in another browser what was begun in this one`() async throws {
  let test = try site()
  let page = await Browser(test, isSecure: true).register()
  let other = Browser(test, isSecure: true)
  _ = await other.register("+1 202 555 0144")
  for browser in [other, Browser(test, isSecure: true)] {
    let asked = test.verifier.checked.count
    let done = try await browser.verify(page)
    #expect(done.status == .badRequest && done.proof == nil && test.verifier.checked.count == asked)
  }
}

@Test func `a browser that keeps no cookies is told what is wrong, and led back`() async throws {
  let test = try site()
  let (_, ticket) = try await test.entry(try test.sent(from: "/private/"))
  let page = await test.post(
    "/register", "number=" + "+1 202 555 0143".formEncoded + "&return=" + ticket, ["HTTPS": "on"])
  for button in ["/verify", "/resend", "/call", "/cancel"] {
    let done = await test.post(button, "requestId=\(try #require(page.token))&pin=123456", ["HTTPS": "on"])
    #expect(done.status == .badRequest && done.heading == "Start again in this browser")
    let address = try #require(done.text.firstMatch(of: /href="\.\/\?return=([^"]+)"/)).1
    #expect(test.gate?.ticket(String(address))?.target == "/private/")
  }
  #expect(test.verifier.checked.isEmpty)
}

@Test func `a success ends what ties the browser to its attempt`() async throws {
  let test = try site()
  let browser = Browser(test, isSecure: true)
  let page = await browser.register()
  #expect(browser.cookie?.contains("__Host-pingate-begin=") == true)
  let done = try await browser.verify(page)
  #expect(done.proof != nil && browser.cookie?.contains("pingate-begin") == false)
  #expect(try await browser.verify(page).heading == "Start again in this browser")
}

@Test func `without a gate no browser is tied`() async throws {
  let test = try TestSite()
  let browser = Browser(test, isSecure: true)
  let page = await browser.register()
  #expect(browser.cookie?.contains("begin") == false)
  #expect(try await Browser(test, isSecure: true).verify(page).heading == "Account verified!")
}

@Test func `whoever looks for what is wrong sees where a success leads`() async throws {
  let test = try site { $0.showsRedirects = true }
  let (_, ticket) = try await test.entry("/?return=" + (try #require(test.gate?.sealed(.init(target: "/private/")))))
  let browser = Browser(test, isSecure: true)
  let done = try await browser.verify(await browser.register(ticket))
  #expect(done.status == .ok && done.text.contains(#"href="/private/">Continue</a>"#) && done.proof != nil)
}

@Test func `a way back that was sealed before is judged by what the settings are now`() async throws {
  let before = try site { $0.returnHosts = ["shop.example.com"] }
  let target = "https://shop.example.com/cart"
  let (_, ticket) = try await before.entry("/?return=" + (try #require(before.gate?.sealed(.init(target: target)))))
  let browser = Browser(before, isSecure: true)
  #expect(try await browser.verify(await browser.register(ticket)).fields[.location] == target)
  let after = try site()
  let other = Browser(after, isSecure: true)
  let done = try await other.verify(await other.register(ticket))
  #expect(done.proof != nil && done.fields[.location] == nil)
}
