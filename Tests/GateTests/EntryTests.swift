import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Gate
@testable import Tokens

extension TestGate {
  /// The ticket that a visitor is sent to the form with.
  func ticket(_ response: Response?, at form: String = "/") throws -> EntryTicket {
    let location = try #require(response?.location)
    let start = form + "?return="
    #expect(response?.status == .seeOther && location.hasPrefix(start))
    return try #require(gate.ticket(String(location.dropFirst(start.count))))
  }

  func enter(_ more: Pairs) -> Response? {
    gate.answer(.asked("/enter", nil, more), at: now)
  }
}

// MARK: Who is sent where

@Test func `somebody on the way to a page is sent to the form, with where they wanted to go`() throws {
  let test = TestGate()
  let ticket = try test.ticket(test.enter(browser + ["PINGATE_RETURN": "/private/?a=1&b=%26;c"]))
  #expect(ticket == EntryTicket(target: "/private/?a=1&b=%26;c"))
  let response = test.enter(browser + ["PINGATE_RETURN": "/private/"])
  #expect(response?.header["cache-control"] == "no-store" && response?.fields[.setCookie] == nil)
}

@Test(
  arguments: [
    ["HTTP_SEC_FETCH_MODE": "navigate"], ["HTTP_SEC_FETCH_MODE": "navigate", "HTTP_ACCEPT": "*/*"],
    ["HTTP_ACCEPT": "text/html"], ["HTTP_ACCEPT": "application/xhtml+xml,text/html;q=0.9,*/*;q=0.8"],
    ["REQUEST_METHOD": "HEAD", "HTTP_ACCEPT": "text/html"],
    ["REQUEST_METHOD": "POST", "HTTP_SEC_FETCH_MODE": "navigate"],
  ] as [[String: String]])
func `this is somebody on the way to a page`(_ parameters: [String: String]) {
  var request = Request.asked("/enter")
  request.parameters = Parameters(request.parameters.all + parameters.map { (name: $0.key, value: $0.value) })
  request.method = HTTPRequest.Method(request.parameters["REQUEST_METHOD"] ?? "")!
  #expect(TestGate().gate.answer(request, at: Timestamp(secondsSinceEpoch: 0))?.status == .seeOther)
}

@Test(
  arguments: [
    [:], ["HTTP_ACCEPT": "*/*"], ["HTTP_ACCEPT": "application/json"], ["HTTP_ACCEPT": "text/html;q=0"],
    ["HTTP_ACCEPT": "image/avif,image/webp,*/*"], ["HTTP_SEC_FETCH_MODE": "cors", "HTTP_ACCEPT": "text/html"],
    ["HTTP_SEC_FETCH_MODE": "no-cors"], ["HTTP_SEC_FETCH_MODE": "websocket"],
    ["HTTP_ACCEPT": "text/html", "HTTP_X_REQUESTED_WITH": "XMLHttpRequest"],
    ["REQUEST_METHOD": "PUT", "HTTP_SEC_FETCH_MODE": "navigate"],
    ["REQUEST_METHOD": "DELETE", "HTTP_ACCEPT": "text/html"],
    ["REQUEST_METHOD": "OPTIONS", "HTTP_ACCEPT": "text/html"],
  ] as [[String: String]])
func `a program gets a status and never a redirect`(_ parameters: [String: String]) {
  var request = Request.asked("/enter")
  request.parameters = Parameters(request.parameters.all + parameters.map { (name: $0.key, value: $0.value) })
  request.method = HTTPRequest.Method(request.parameters["REQUEST_METHOD"] ?? "")!
  let response = TestGate().gate.answer(request, at: Timestamp(secondsSinceEpoch: 0))
  #expect(response?.status == .unauthorized && response?.location == nil)
  #expect(response?.header["www-authenticate"] == "Bearer" && (response?.body.count ?? 0) < 200)
}

@Test func `a program whose proof is too old hears how old it may be`() throws {
  let test = TestGate()
  let token = try test.token(age: .seconds(301))
  let response = try #require(test.ask("/enter", token, ["PINGATE_MAX_AGE": "300", "HTTP_ACCEPT": "application/json"]))
  #expect(response.status == .unauthorized)
  #expect(
    response.header["www-authenticate"] == #"Bearer error="insufficient_user_authentication", max_age=300"#)
  // Somebody on the way to a page is sent to the form.
  _ = try test.ticket(test.ask("/enter", token, ["PINGATE_MAX_AGE": "300", "HTTP_ACCEPT": "text/html"]))
}

@Test func `what a proof is to be good for goes with the visitor, and so does it that a form was lost`() throws {
  let test = TestGate()
  let ticket = try test.ticket(
    test.enter(browser + ["PINGATE_RETURN": "/board/", "PINGATE_PURPOSE": "board", "REQUEST_METHOD": "POST"]))
  #expect(ticket == EntryTicket(target: "/board/", purpose: "board", lostForm: true))
}

// MARK: Where they wanted to go

@Test(
  arguments: [
    (["REQUEST_URI": "/phone/enter?rd=/a?b=1&c=2&rd=3"], "/a?b=1&c=2&rd=3"),
    (["REQUEST_URI": "/phone/enter?x=1&rd=/a?b"], "/a?b"), (["REQUEST_URI": "/phone/enter?rdx=/a"], ""),
    (["REQUEST_URI": "/phone/enter"], ""), (["REQUEST_URI": "/phone/enter?rd=//evil.example/"], ""),
    (["QUERY_STRING": "rd=/a%26b", "REQUEST_URI": "/phone/enter?rd=/a%26b", "REDIRECT_STATUS": "200"], "/a%26b"),
    (["REQUEST_URI": "/private/big.txt?q=1", "REDIRECT_STATUS": "403"], "/private/big.txt?q=1"),
    // A page of the site's that is called like this place.
    (["REQUEST_URI": "/private/enter?rd=/b", "REDIRECT_STATUS": "403"], "/private/enter?rd=/b"),
    (["REQUEST_URI": "/shop/enter", "REDIRECT_STATUS": "200"], "/shop/enter"),
    (["REQUEST_URI": "/phone/%65nter?rd=/b", "REDIRECT_STATUS": "200"], "/b"),
    // A rule of the owner's, to a CGI program.
    (
      [
        "REQUEST_URI": "/phone/enter?rd=/b", "REDIRECT_STATUS": "200", "REDIRECT_URL": "/phone/enter",
        "SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": "/enter",
      ], "/b"
    ),
    (["REQUEST_URI": "/private/", "PINGATE_RETURN": "/x", "REDIRECT_STATUS": "403"], "/x"),
    (["REQUEST_URI": "//evil.example/", "REDIRECT_STATUS": "403"], ""),
    (["REQUEST_URI": "http://www.example.com/private/", "REDIRECT_STATUS": "403"], ""),
    (["HTTP_PINGATE_RETURN": "/x"], ""),
  ] as [([String: String], String)])
func `where a visitor wanted to go is found`(_ parameters: [String: String], _ target: String) throws {
  let test = TestGate(prefix: "/phone")
  var request = Request.asked("/phone/enter", nil, browser)
  request.parameters = Parameters(request.parameters.all + parameters.map { (name: $0.key, value: $0.value) })
  #expect(try test.ticket(test.gate.answer(request, at: test.now), at: "/phone/").target == target)
}

@Test(
  arguments: [
    (["SCRIPT_NAME": "/enter"], "", "/"), (["SCRIPT_NAME": "/phone/enter"], "/phone", "/phone/"),
    (["SCRIPT_NAME": "/phone", "PATH_INFO": "/enter"], "", "/phone/"),
    (["SCRIPT_NAME": "/phone", "PATH_INFO": "/enter"], "/phone", "/phone/"),
    (["SCRIPT_NAME": "", "PATH_INFO": "/enter"], "", "/"),
    (["SCRIPT_NAME": "", "PATH_INFO": "/enter"], "/phone", "/phone/"),
    (["SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": "/enter"], "", "/cgi-bin/pingate/"),
    (["SCRIPT_NAME": "//evil.example", "PATH_INFO": "/enter"], "", "/"),
    (["SCRIPT_NAME": "/a\r\nb", "PATH_INFO": "/enter"], "", "/"),
  ] as [([String: String], String, String)])
func `the form is where PinGate is`(_ parameters: [String: String], _ prefix: String, _ form: String) throws {
  let test = TestGate(prefix: prefix)
  var request = Request.asked("", nil, browser + ["PINGATE_RETURN": "/private/", "PINGATE_ROLE": "enter"])
  request.parameters = Parameters(request.parameters.all + parameters.map { (name: $0.key, value: $0.value) })
  #expect(try test.ticket(test.gate.answer(request, at: test.now), at: form).target == "/private/")
}

@Test func `a page that is called like the way in is found again behind CGI’s gate`() throws {
  let more: Pairs = [
    "SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": "/gate", "REDIRECT_URL": "/shop/enter", "REDIRECT_STATUS": "200",
    "REQUEST_URI": "/shop/enter?rd=/b",
  ]
  #expect(
    try TestGate().ticket(TestGate().ask("", nil, browser + more), at: "/cgi-bin/pingate/").target
      == "/shop/enter?rd=/b")
}

@Test func `whoever has no access gets the way to another number, and a program a status`() throws {
  let test = TestGate(prefix: "/phone", admitted: .listed { NumberList() })
  let token = try test.token()
  for path in ["/phone/enter", "/phone/gate"] {
    let page = try #require(test.ask(path, token, browser + ["REDIRECT_URL": "/private/"]))
    #expect(page.status == .forbidden && page.location == nil && page.fields[.setCookie] == nil)
    #expect(String(decoding: page.body, as: UTF8.self).contains(#"<form method="post" action="/phone/signout">"#))
  }
  let program = try #require(test.ask("/phone/enter", token))
  #expect(program.status == .forbidden && program.header["content-type"] == "text/plain; charset=utf-8")
}

@Test func `an error that is not for want of a proof sends nobody to the form`() throws {
  let test = TestGate()
  let token = try test.token()
  for more: Pairs in [["PINGATE_RETURN": "/private/"], ["REDIRECT_STATUS": "403", "REQUEST_URI": "/private/"]] {
    #expect(test.ask("/enter", token, browser + more)?.status == .forbidden)
    #expect(test.ask("/enter", nil, browser + more)?.status == .seeOther)
    // What a page's script asks for.
    #expect(test.ask("/enter", token, more + ["HTTP_SEC_FETCH_MODE": "cors"])?.status == .forbidden)
    #expect(test.ask("/enter", nil, more + ["HTTP_SEC_FETCH_MODE": "cors"])?.status == .unauthorized)
  }
  #expect(test.ask("/enter", token, browser + ["REQUEST_URI": "/enter?rd=/private/"])?.status == .seeOther)
}

@Test func `a form that is behind the gate itself is said so, instead of a loop`() {
  let test = TestGate(prefix: "/phone")
  for target in ["/phone/", "/phone/?return=x", "/phone/?a"] {
    let response = test.gate.answer(
      .asked("/phone/enter", nil, browser + ["PINGATE_RETURN": target]), at: test.now)
    #expect(response?.status == .internalServerError && response?.location == nil, "\(target)")
  }
  // An owner who forgot what SCRIPT_NAME is for.
  let forgotten: Pairs = ["SCRIPT_NAME": "/private", "PATH_INFO": "/enter", "PINGATE_RETURN": "/private/"]
  #expect(TestGate().enter(browser + forgotten)?.status == .internalServerError)
}

@Test func `whoever looks for what is wrong sees the next address, and nobody passes by that`() throws {
  let words = GateWords(language: "en", texts: [.redirectShown: "Proof: {reason}\nLocation: {address}"])
  let test = TestGate({ $0.showsRedirects = true }, words: words)
  for path in ["/enter", "/gate"] {
    let response = try #require(
      test.ask(path, nil, browser + ["PINGATE_RETURN": "/private/", "REDIRECT_URL": "/private/"]))
    #expect(response.status == .forbidden && response.location == nil)
    let text = String(decoding: response.body, as: UTF8.self)
    #expect(text.contains("Location: /?return=") && text.contains("Proof: absent"))
    #expect(response.header["content-type"] == "text/plain; charset=utf-8")
  }
}

@Test func `the gate says nothing that is not in the words of its language`() throws {
  let greek = GateWords(
    language: "el",
    texts: Dictionary(
      uniqueKeysWithValues: GateText.allCases.map { key in
        switch key {
        case .formIsGuarded: (key, "ωω {form}")
        case .redirectShown: (key, "ωω {address} ω")
        default: (key, "ωω & <ω>")
        }
      }))
  let test = TestGate({ $0.showsRedirects = true }, words: greek)
  let showing = try #require(test.enter(browser + ["PINGATE_RETURN": "/a"]))
  #expect(showing.status == .forbidden)
  #expect(String(decoding: showing.body, as: UTF8.self).wholeMatch(of: /ωω \/\?return=[^ ]+ ω\n/) != nil)
  let (open, closed) = (TestGate(words: greek), TestGate(admitted: .listed { NumberList() }, words: greek))
  let token = try open.token()
  let mistake: Pairs = ["PINGATE_MAX_AGE": "soon"]
  let answers = [
    open.enter([:]), closed.ask("/enter", token), closed.ask("/enter", token, browser),
    open.ask("/enter", token, ["PINGATE_RETURN": "/"]), open.enter(browser + mistake),
    open.enter(browser + ["PINGATE_RETURN": "/?return=x"]),
  ]
  #expect(answers.map(\.?.status.code) == [401, 403, 403, 403, 500, 500])
  for answer in answers {
    let text = String(decoding: try #require(answer).body, as: UTF8.self)
    #expect(text.contains("ωω"))
    let read = text.replacing(/<[^>]*>/, with: " ").replacing("&amp;", with: " ").replacing("&lt;", with: " ")
    #expect(read.firstMatch(of: /[A-Za-z]{2,}/) == nil, "\(text)")
  }
  let page = String(decoding: try #require(answers[2]).body, as: UTF8.self)
  #expect(page.contains("<html lang=\"el\">") && page.contains("<h1>ωω &amp; &lt;ω></h1>"))
  #expect(String(decoding: try #require(answers[5]).body, as: UTF8.self) == "ωω /\n")
}

// MARK: The authorizer

private func authorizer(_ token: String?, _ more: Pairs = [:]) -> Request {
  var request = Request.asked("", token, more)
  request.role = .authorizer
  return request
}

@Test func `an authorizer’s yes is exactly 200, with three variables and nothing else`() throws {
  let test = TestGate()
  let response = try #require(test.gate.answer(authorizer(try test.token()), at: test.now))
  #expect(response.status == .ok && response.body.isEmpty)
  #expect(
    response.header == [
      "variable-pingate_subject": "subject-of-a-number", "variable-pingate_user": "",
      "variable-pingate_verified_at": "1800000000",
    ])
}

@Test(
  arguments: [
    ["FCGI_ROLE": "AUTHORIZER"], ["FCGI_APACHE_ROLE": "ACCESS_CHECKER"], ["FCGI_APACHE_ROLE": "AUTHORIZER"],
    ["FCGI_APACHE_ROLE": "AUTHENTICATOR"],
  ] as [[String: String]])
func `Apache’s modules say by a parameter that they ask`(_ parameters: [String: String]) throws {
  let test = TestGate()
  var request = Request.asked("/style.css", try test.token())
  request.parameters = Parameters(request.parameters.all + parameters.map { (name: $0.key, value: $0.value) })
  #expect(test.gate.answer(request, at: test.now)?.header["variable-pingate_subject"] != nil)
}

@Test(arguments: ["ACCESS_CHECKER", "AUTHORIZER", "AUTHENTICATOR"])
func `whoever sends a visitor to an error document anyway gets a no without fields, which would come twice`(
  role: String
) throws {
  let test = TestGate(prefix: "/phone")
  let old = try test.token(age: .seconds(301))
  for (token, more, status) in [
    (nil, [:], 401), (nil, browser, 401), (old, ["PINGATE_MAX_AGE": "300"], 401),
  ] as [(String?, Pairs, Int)] {
    let asked: Pairs = ["FCGI_APACHE_ROLE": role, "REQUEST_URI": "/private/"]
    let response = try #require(test.gate.answer(.asked("/private/", token, more + asked), at: test.now))
    guard role != "AUTHENTICATOR" else {
      #expect(!response.fields.isEmpty)
      continue
    }
    #expect(response.status.code == status && response.fields.isEmpty && response.body.isEmpty)
  }
  let closed = TestGate(admitted: .listed { NumberList() })
  #expect(closed.ask("/private/", try closed.token(), ["FCGI_APACHE_ROLE": role])?.status == .forbidden)
}

@Test func `Caddy asks by a parameter, and gets headers`() throws {
  let test = TestGate()
  let response = try #require(test.ask("/style.css", try test.token(), ["PINGATE_ROLE": "authorizer"]))
  #expect(
    response.status == .ok
      && response.header == [
        "x-pingate-subject": "subject-of-a-number", "x-pingate-user": "", "x-pingate-verified-at": "1800000000",
      ])
}

@Test func `an authorizer’s no is what a visitor or a program gets, without a word about anybody`() throws {
  let test = TestGate(prefix: "/phone")
  let visitor = test.gate.answer(authorizer(nil, browser + ["REQUEST_URI": "/private/?a=%26"]), at: test.now)
  #expect(try test.ticket(visitor, at: "/phone/").target == "/private/?a=%26")
  for token in [nil, "x", try test.token(age: .seconds(7200))] {
    for more: Pairs in [["REQUEST_URI": "/private/"], browser + ["REQUEST_URI": "/private/"]] {
      let response = try #require(test.gate.answer(authorizer(token, more), at: test.now))
      #expect(response.status != .ok && response.status != .noContent)
      #expect(
        !response.fields.contains {
          $0.name.canonicalName.hasPrefix("variable-") || $0.name.canonicalName.hasPrefix("x-pingate")
        })
    }
  }
}

@Test(arguments: ["check", "authorizer", "enter", "gate", "unknown", "CHECK"]) func `no role opens the style sheet`(
  role: String
) {
  let status = TestGate().ask("/style.css", nil, ["PINGATE_ROLE": role])?.status
  #expect(status == .unauthorized || role == "gate" && status == .notFound)
}

@Test(arguments: [["PINGATE_PURPOSE": "Not a name"], ["PINGATE_MAX_AGE": "soon"]])
func `an owner’s mistake lets nobody pass, and is said`(_ mistake: [String: String]) throws {
  let test = TestGate()
  for role in ["authorizer", "enter", "gate"] {
    var request = Request.asked(
      "/", try test.token(), ["PINGATE_ROLE": role == "gate" ? "gate" : role, "REDIRECT_URL": "/a"])
    request.parameters = Parameters(request.parameters.all + mistake.map { (name: $0.key, value: $0.value) })
    let response = test.gate.answer(request, at: test.now)
    #expect(response?.status == .internalServerError && response?.location == nil)
  }
}

// MARK: Plain CGI

@Test func `a good proof leads Apache to what was asked for`() throws {
  let test = TestGate()
  let token = try test.token()
  for (url, query, location) in [
    ("/private/big.txt", nil, "/private/big.txt"), ("/private/big.txt", "q=1&r=%26", "/private/big.txt?q=1&r=%26"),
    ("/private/a b&c?d#e%.txt", nil, "/private/a%20b%26c%3Fd%23e%25.txt"), ("/private/é", nil, "/private/%C3%A9"),
    ("//private//x", nil, "/private//x"), ("///evil.example", nil, "/evil.example"), ("/", nil, "/"),
  ] as [(String, String?, String)] {
    var request = Request.asked("/cgi-bin/pingate", token, ["PATH_INFO": "/gate", "REDIRECT_URL": url])
    if let query {
      request.parameters = Parameters(request.parameters.all + [(name: "REDIRECT_QUERY_STRING", value: query)])
    }
    let response = try #require(test.gate.answer(request, at: test.now))
    #expect(response.status == .ok && response.header == ["location": location] && response.body.isEmpty)
  }
}

@Test func `without one the visitor gets the form with a status of its own`() throws {
  let test = TestGate()
  let more: Pairs = [
    "SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": "/gate", "REDIRECT_URL": "/private/a b", "REDIRECT_STATUS": "200",
    "REQUEST_URI": "/private/a%20b?c=1",
  ]
  let response = test.ask("", nil, browser + more)
  #expect(try test.ticket(response, at: "/cgi-bin/pingate/").target == "/private/a%20b?c=1")
  #expect(test.ask("", nil, more)?.status == .unauthorized)
}

@Test func `asked directly there is nothing, with a good proof too`() throws {
  let test = TestGate()
  #expect(test.ask("/gate", try test.token())?.status == .notFound)
  #expect(test.ask("/gate", try test.token(), ["HTTP_REDIRECT_URL": "/private/"])?.status == .notFound)
  #expect(test.ask("/gate", try test.token(), ["REDIRECT_URL": "http://evil.example/"])?.status == .notFound)
}

@Test func `the rule of a folder says in the path what its proofs have to be good for`() throws {
  let test = TestGate()
  func gate(_ path: String, _ token: String) -> HTTPResponse.Status? {
    test.ask("", token, ["SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": path, "REDIRECT_URL": "/a"])?.status
  }
  let (plain, board) = (try test.token(), try test.token(purpose: "board"))
  #expect(gate("/gate/board", board) == .ok && gate("/gate", plain) == .ok)
  #expect(gate("/gate", board) == .unauthorized && gate("/gate/board", plain) == .unauthorized)
  #expect(gate("/gate/other", board) == .unauthorized)
  for wrong in [
    "/gate/Board", "/gate/board/", "/gate/board/x", "/gate/", "/gate//900", "/gate/900/board", "/gate/9x",
    "/gate/a/1/2",
    "/gate/board/-1", "/gate/board/9999999999",
  ] { #expect(gate(wrong, board) == .internalServerError, "\(wrong)") }
}

@Test func `the path says how old a verification may be, too`() throws {
  let test = TestGate()
  let (plain, board) = (try test.token(age: .seconds(300)), try test.token(age: .seconds(300), purpose: "board"))
  func status(_ path: String, _ token: String, _ more: Pairs = [:]) -> HTTPResponse.Status? {
    test.ask("", token, ["SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": path, "REDIRECT_URL": "/a"] + more)?.status
  }
  #expect(status("/gate/300", plain) == .ok && status("/gate/299", plain) == .unauthorized)
  #expect(status("/gate/board/300", board) == .ok && status("/gate/board/299", board) == .unauthorized)
  #expect(status("/check/board/300", board) == .noContent && status("/check/board/299", board) == .unauthorized)
  // Beside a parameter it has to say the same.
  #expect(status("/gate/board/300", board, ["REDIRECT_PINGATE_PURPOSE": "board"]) == .ok)
  for more: Pairs in [["PINGATE_PURPOSE": "members"], ["PINGATE_MAX_AGE": "301"]] {
    #expect(status("/gate/board/300", board, more) == .internalServerError)
  }
  // The path of a page is no demand.
  let page: Pairs = ["PINGATE_ROLE": "check", "SCRIPT_NAME": "/check/board/1"]
  #expect(test.ask("", plain, page)?.status == .noContent)
}

@Test func `the way in says what a proof has to be good for in its path, too`() throws {
  let test = TestGate()
  let more: Pairs = ["SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": "/enter/board/900", "PINGATE_RETURN": "/a"]
  #expect(try test.ticket(test.ask("", nil, browser + more), at: "/cgi-bin/pingate/").purpose == "board")
}
