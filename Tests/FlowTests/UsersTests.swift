import Gateway
import HTTPTypes
import Testing
import Threads
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

/// A site whose visitors have passed the web server's password check.
private struct UserSite {
  let test: TestSite
  private let lines: Locked<[String]>

  init(
    _ lines: [String] = ["alice:+1 202 555 0143", "bob:+1 202 555 0188"], plan: any NumberingPlan = .test
  ) throws {
    let lines = Locked(lines)
    self.lines = lines
    let settings = FlowSettings(
      identity: "www.example.com", admitted: .users { UserNumbers(lines: lines.with { $0 }) })
    test = try TestSite(settings: settings, plan: plan)
  }

  func change(_ new: [String]) { lines.with { $0 = new } }

  func get(_ user: String?, _ path: String = "/") async -> Response {
    await test.get(path, user.map { ["REMOTE_USER": $0] } ?? [:])
  }

  func post(_ user: String?, _ path: String, _ body: String = "", _ more: [String: String] = [:]) async -> Response {
    var more = more
    more["REMOTE_USER"] = user
    return await test.post(path, body, more)
  }

  func verify(_ user: String, _ page: Response, pin: String = "123456") async throws -> Response {
    await post(user, "/verify", "requestId=\(try #require(page.token))&pin=\(pin)")
  }
}

@Suite struct `Two factors` {
  @Test func `ask for no number, show its last two digits and send to it`() async throws {
    let site = try UserSite()
    let start = await site.get("alice")
    #expect(start.status == .ok)
    #expect(start.text.contains(#"number that ends in <strong class="number">43</strong>"#))
    #expect(!start.text.contains(#"name="number""#))
    #expect(start.fields[.cacheControl] == "no-store")
    let page = await site.post("alice", "/register")
    #expect(page.heading == "Enter your PIN")
    #expect(site.test.verifier.started.map(\.number.digits) == ["12025550143"])
    #expect(try await site.verify("alice", page).heading == "Account verified!")
  }

  @Test func `never show a number in clear, whatever comes of it`() async throws {
    let site = try UserSite()
    let pages = [
      await site.get("alice"), await site.post("alice", "/register"), await site.post("alice", "/register"),
      await site.post("alice", "/register", "number=%2B12025550199"),
    ]
    let resent = await site.post("alice", "/resend", "requestId=\(try #require(pages[1].token))")
    let wrong = try await site.verify("alice", pages[1], pin: "12")
    for page in pages + [resent, wrong] {
      #expect(!page.text.contains("555") && !page.text.contains("0143"), "\(page.text)")
      #expect(!page.text.contains("Use another number"))
    }
    #expect(pages[1].text.contains("your number ending in 43"))
  }

  @Test func `send to nobody but the user's own number`() async throws {
    let site = try UserSite()
    _ = await site.post("alice", "/register", "number=%2B12025550199&channel=call&confirmed=yes")
    #expect(site.test.verifier.started.map(\.number.digits) == ["12025550143"])
  }

  @Test func `do nothing without a user's name, and tell the owner`() async throws {
    for user in [nil, "", "a:b", String(repeating: "a", count: 256)] {
      let site = try UserSite()
      for response in [await site.get(user), await site.post(user, "/register", "number=%2B12025550143")] {
        #expect(response.status == .serviceUnavailable)
        #expect(site.test.log.lines.last?.message == "site.no_user")
      }
      #expect(site.test.verifier.started.isEmpty)
    }
  }

  @Test func `take the name that Apache passes behind an internal redirect, and none of a client's`() async throws {
    let site = try UserSite()
    #expect(await site.test.get("/", ["REDIRECT_REMOTE_USER": "bob"]).text.contains(">88<"))
    #expect(await site.test.get("/", ["HTTP_REMOTE_USER": "bob"]).status == .serviceUnavailable)
    #expect(await site.test.get("/", ["REMOTE_USER": "alice", "REDIRECT_REMOTE_USER": "bob"]).text.contains(">43<"))
  }

  /// Else whoever has two passwords and one of the two phones would be the other user.
  @Test func `take a PIN for the user only to whom it was sent`() async throws {
    let site = try UserSite()
    let page = await site.post("bob", "/register")
    let stolen = try await site.verify("alice", page)
    #expect(stolen.status == .badRequest)
    #expect(site.test.verifier.checked.isEmpty)
    let again = await site.post("alice", "/resend", "requestId=\(try #require(page.token))")
    #expect(again.status == .badRequest)
    #expect(site.test.verifier.sentAgain.isEmpty)
    #expect(try await site.verify("bob", page).heading == "Account verified!")
  }

  @Test func `follow the file: a number that has changed ends its pages`() async throws {
    let site = try UserSite()
    let page = await site.post("alice", "/register")
    site.change(["alice:+12025550177"])
    #expect(await site.get("alice").text.contains(">77<"))
    #expect(try await site.verify("alice", page).status == .badRequest)
    #expect(site.test.verifier.checked.isEmpty)
  }

  @Test func `call a landline`() async throws {
    let site = try UserSite(["carol:+44 20 7946 0018"], plan: .serving("GB"))
    _ = await site.post("carol", "/register")
    #expect(site.test.verifier.started.map(\.channel) == [.call])
  }

  @Test func `show a page again to its user alone`() async throws {
    let site = try UserSite()
    let browser = ["HTTP_SEC_FETCH_MODE": "navigate", "QUERY_STRING": ""]
    let answer = await site.post("alice", "/register", "", browser)
    let address = try #require(answer.fields[.location])
    #expect(address.hasPrefix("verify?"))
    func shown(_ user: String) async -> Response {
      await site.test.get("/verify", ["QUERY_STRING": String(address.dropFirst(7)), "REMOTE_USER": user])
    }
    #expect(await shown("alice").text.contains("your number ending in 43"))
    #expect(await shown("bob").status == .badRequest)
  }
}

@Suite struct `A user without a number` {
  /// What can be told apart of two answers, when what tells the users apart anyway is left out.
  private func looks(_ response: Response) -> String {
    var text = response.text.replacing(/value="[A-Za-z0-9_\-]{40,}"/) { "value=\($0.output.count)" }
    text = text.replacing(/(ends in <strong class="number">|ending in )\d\d/) { "\($0.output.1)NN" }
    let fields = response.fields.map { field in
      let value = field.name == .setCookie ? "\(field.value.count)" : field.value
      return "\(field.name): \(value)"
    }
    return "\(response.status) \(fields.sorted()) \(text)"
  }

  @Test func `gets the very same pages on the whole way, and no message`() async throws {
    for lines in [
      ["alice:+1 202 555 0143"], ["alice:+1 202 555 0143", "mallory:+12"],
      ["alice:+1 202 555 0143", "mallory:+999 555"],
    ] {
      let (known, unknown) = (try UserSite(lines), try UserSite(lines))
      known.test.verifier.onCheck(.success(.wrongCode))
      for (site, user) in [(known, "alice"), (unknown, "mallory")] { _ = await site.get(user) }
      var pages: [(Response, Response)] = [(await known.get("alice"), await unknown.get("mallory"))]
      func both(_ path: String, _ body: (Response) throws -> String) async throws {
        let (left, right) = pages[pages.count - 1]
        pages.append(
          (
            await known.post("alice", path, try body(left)), await unknown.post("mallory", path, try body(right))
          ))
      }
      func token(_ page: Response) throws -> String { "requestId=\(try #require(page.token))" }
      try await both("/register") { _ in "" }
      // Too early, and then in time.
      try await both("/resend", token)
      for test in [known.test, unknown.test] { test.clock.advance(by: .seconds(61)) }
      try await both("/resend", token)
      for pin in ["", "12", "111111", "222222", "333333"] {
        try await both("/verify") { try token($0) + "&pin=" + pin }
        if pages[pages.count - 1].0.token == nil { break }
      }
      try await both("/register") { _ in "" }
      for (left, right) in pages { #expect(looks(left) == looks(right)) }
      #expect(unknown.test.verifier.started.isEmpty && unknown.test.verifier.sentAgain.isEmpty)
      #expect(unknown.test.verifier.checked.isEmpty)
      #expect(known.test.verifier.started.count + known.test.verifier.sentAgain.count == 2)
      // Both wait for the same whole seconds.
      #expect(known.test.pauses.all.map { $0.rounded } == unknown.test.pauses.all.map { $0.rounded })
      #expect(unknown.test.log.lines.contains { $0.message == "gate.no_number" && $0.metadata["user"] == "mallory" })
      #expect(!known.test.log.lines.contains { $0.message == "gate.no_number" })
    }
  }

  @Test func `has two digits that stay the same, and are others of another user`() async throws {
    let site = try UserSite()
    func digits(_ user: String) async -> String? {
      await site.get(user).text.firstMatch(of: />(\d\d)<\/strong>/).map { String($0.output.1) }
    }
    let first = await digits("mallory")
    #expect(first != nil)
    #expect(await digits("mallory") == first)
    var seen: Set<String> = []
    for index in 0..<30 { if let two = await digits("user\(index)") { seen.insert(two) } }
    #expect(seen.count > 10)
  }

  @Test func `is told by the second browser that a message was sent, as one with a number is`() async throws {
    let site = try UserSite()
    site.test.verifier.onStart(.success(.alreadyRunning(.test)))
    func second(_ user: String) async -> Response {
      _ = await site.post(user, "/register", "", ["HTTP_USER_AGENT": "first"])
      site.test.clock.advance(by: .seconds(61))
      return await site.post(user, "/register", "", ["HTTP_USER_AGENT": "second", "REMOTE_ADDR": "198.51.100.7"])
    }
    #expect(looks(await second("alice")) == looks(await second("mallory")))
  }

  @Test func `whom the provider refuses gets the page of a message that was sent`() async throws {
    for outcome in [SendOutcome.badNumber, .unsupportedDestination, .blocked] {
      let site = try UserSite()
      site.test.verifier.onStart(.success(outcome))
      let page = await site.post("alice", "/register")
      #expect(page.heading == "Enter your PIN")
      #expect(try await site.verify("alice", page).status == .unprocessableContent)
      #expect(site.test.verifier.checked.isEmpty)
    }
  }
}

@Suite struct `A list of numbers` {
  private func site(_ digits: String...) throws -> TestSite {
    let list = NumberList(digits.compactMap { PhoneNumber(e164: $0) })
    return try TestSite(settings: FlowSettings(identity: "www.example.com", admitted: .listed { list }))
  }

  @Test func `sends to those that are in it, and to the others as if`() async throws {
    let site = try site("12025550143")
    let page = await site.post("/register", "number=%2B12025550188")
    #expect(page.heading == "Enter your PIN")
    #expect(site.verifier.started.isEmpty)
    #expect(await site.verify(try #require(page.token)).status == .unprocessableContent)
    #expect(site.verifier.checked.isEmpty)
    #expect(site.log.lines.contains { $0.message == "gate.not_listed" && $0.metadata["number"] == "*********88" })
    let token = try await site.token("+1 202 555 0143")
    #expect(await site.verify(token).heading == "Account verified!")
    #expect(site.verifier.started.map(\.number.digits) == ["12025550143"])
  }
}

extension Duration {
  fileprivate var rounded: Int64 { Int64((self / .seconds(1)).rounded()) }
}
