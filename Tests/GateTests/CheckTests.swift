import Encoding
import Gateway
import HTTPTypes
import Testing
import Threads
import Verification

@testable import Gate
@testable import Tokens

@Test func `a good proof passes, and nothing else does`() throws {
  let test = TestGate()
  #expect(test.check(try test.token()) == .noContent)
  #expect(test.check(nil) == .unauthorized)
  for token in ["", "x", "a.b.c", try test.token() + "x", try TestGate(key: 8).token()] {
    #expect(test.check(token) == .unauthorized, "\(token)")
  }
}

@Test func `the answer to nginx has three fields of identity and may not be stored`() throws {
  let test = TestGate()
  let response = try #require(test.ask("/check", try test.token(methods: Proof.Methods(.text))))
  #expect(
    response.header == [
      "cache-control": "no-store", "x-pingate-subject": "subject-of-a-number", "x-pingate-user": "",
      "x-pingate-verified-at": "1800000000",
    ])
  let user = try test.token(subject: "alice", methods: Proof.Methods(.call, hasPassword: true))
  #expect(test.ask("/check", user)?.header["x-pingate-user"] == "alice")
  let hashed = try test.token(subject: "~abc", methods: Proof.Methods(.call, hasPassword: true))
  #expect(test.ask("/check", hashed)?.header["x-pingate-user"] == "")
  let refused = try #require(test.ask("/check"))
  #expect(refused.header == ["cache-control": "no-store"] && refused.body.isEmpty)
}

@Test func `method, length, port and protocol are nothing to a check`() throws {
  let test = TestGate()
  let token = try test.token()
  for more: Pairs in [
    ["REQUEST_METHOD": "POST", "CONTENT_LENGTH": "1000000"], ["REQUEST_METHOD": "DELETE"], ["REQUEST_METHOD": "BREW"],
    ["SERVER_PORT": "80", "SERVER_PROTOCOL": "INCLUDED"], ["CONTENT_LENGTH": "x"],
    ["HTTP_ORIGIN": "https://evil.example"],
    ["HTTP_TRANSFER_ENCODING": "chunked"], ["REQUEST_URI": "//evil.example/"],
  ] {
    #expect(test.check(token, more) == .noContent)
    #expect(test.check(nil, more) == .unauthorized)
  }
}

@Test func `a proof is good up to its last second`() throws {
  let test = TestGate()
  #expect(test.check(try test.token(age: .seconds(59), life: .seconds(60))) == .noContent)
  #expect(test.check(try test.token(age: .seconds(60), life: .seconds(60))) == .unauthorized)
}

@Test func `a clock may be a minute behind`() throws {
  let test = TestGate()
  #expect(test.check(try test.token(age: .seconds(-60))) == .noContent)
  #expect(test.check(try test.token(age: .seconds(-61))) == .unauthorized)
}

@Test func `proofs from before a time are ended all at once`() throws {
  let test = TestGate { $0.validSince = Timestamp(secondsSinceEpoch: 1_800_000_000 - 100) }
  #expect(test.check(try test.token(age: .seconds(100))) == .noContent)
  #expect(test.check(try test.token(age: .seconds(101))) == .unauthorized)
}

@Test func `a folder can ask for a fresher verification`() throws {
  let test = TestGate()
  let token = try test.token(age: .seconds(300))
  #expect(test.check(token, ["PINGATE_MAX_AGE": "300"]) == .noContent)
  #expect(test.check(token, ["PINGATE_MAX_AGE": "299"]) == .unauthorized)
  #expect(test.check(token, ["REDIRECT_PINGATE_MAX_AGE": "299"]) == .unauthorized)
  #expect(test.check(try test.token(), ["PINGATE_MAX_AGE": "0"]) == .noContent)
  // What is no number lets nobody pass.
  for wrong in ["-1", "5m", "1e3", "99999999999", " 300"] {
    #expect(test.check(token, ["PINGATE_MAX_AGE": wrong]) == .forbidden, "\(wrong)")
  }
}

@Test func `what a proof is good for has to be what is asked for`() throws {
  let test = TestGate()
  let (plain, members) = (try test.token(), try test.token(purpose: "members"))
  #expect(test.check(members, ["PINGATE_PURPOSE": "members"]) == .noContent)
  #expect(test.check(members, ["PINGATE_PURPOSE": "board"]) == .unauthorized)
  #expect(test.check(members) == .unauthorized)
  #expect(test.check(plain, ["PINGATE_PURPOSE": "members"]) == .unauthorized)
  for wrong in ["Not a name", "1st", "-a", "a_b", "a23456789012345678"] {
    #expect(test.check(plain, ["PINGATE_PURPOSE": wrong]) == .forbidden, "\(wrong)")
  }
  #expect(test.check(plain, ["PINGATE_PURPOSE": ""]) == .noContent)
  // No client can ask for another.
  #expect(test.check(plain, ["HTTP_PINGATE_PURPOSE": "members"]) == .noContent)
}

@Test func `what a client sends in the place of a parameter is nothing`() throws {
  let test = TestGate()
  for name in [
    "HTTP_PINGATE_SUBJECT", "HTTP_X_PINGATE_SUBJECT", "HTTP_REMOTE_USER", "HTTP_FCGI_ROLE", "HTTP_PINGATE_ROLE",
  ] {
    #expect(test.check(nil, [name: "authorizer"]) == .unauthorized)
  }
}

// MARK: Cookies

@Test func `the first good one of several cookies counts, and not many are looked at`() throws {
  let test = TestGate()
  let good = try test.token()
  let forged = try (0..<3).map { try TestGate(key: 8).token(age: .seconds(-$0)) }.map { token in
    let dot = try #require(token.firstIndex(of: "."))
    let ours = try #require(good.firstIndex(of: "."))
    return String(good[..<ours]) + token[dot...]
  }
  func check(_ tokens: [String]) -> HTTPResponse.Status? {
    let cookie = tokens.map { "__Host-Http-pingate=\($0)" }.joined(separator: "; ")
    return test.check(nil, ["HTTP_COOKIE": cookie])
  }
  #expect(check(["x", good]) == .noContent)
  #expect(check(["x", "y", "z", good]) == .noContent)
  #expect(check(["v", "w", "x", "y", "z", good]) == .noContent)
  // In the form of a proof each costs a signature to check: two are, and the same one is not twice.
  #expect(forged.allSatisfy { test.gate.ring.candidate($0) != nil && test.check($0) == .unauthorized })
  #expect(check([forged[0], good]) == .noContent)
  #expect(check([forged[0], forged[0], forged[0], good]) == .noContent)
  #expect(check([forged[0], forged[1], good]) == .unauthorized)
  #expect(check([String](repeating: "x", count: 16) + [good]) == .unauthorized)
  #expect(check([String(repeating: "x", count: 513), good]) == .noContent)
}

@Test func `over plain HTTP a proof counts on the machine itself, or where its owner says so`() throws {
  func check(_ test: TestGate, _ host: String, _ name: String, https: String = "") throws -> HTTPResponse.Status? {
    test.check(nil, ["HTTPS": https, "HTTP_HOST": host, "HTTP_COOKIE": "\(name)=\(try test.token())"])
  }
  let test = TestGate()
  for host in ["localhost", "localhost:8080", "127.0.0.1:8080", "[::1]:8080", "a.localhost"] {
    #expect(try check(test, host, "pingate-proof") == .noContent, "\(host)")
  }
  for host in ["www.example.com", "localhost.example.com", "127.0.0.1.example.com", "notlocalhost", ""] {
    #expect(try check(test, host, "pingate-proof") == .unauthorized, "\(host)")
  }
  #expect(try check(test, "www.example.com", "pingate-proof", https: "on") == .unauthorized)
  #expect(try check(test, "localhost", "pingate-proof", https: "on") == .unauthorized)
  #expect(try check(TestGate { $0.allowsPlainHTTP = true }, "www.example.com", "pingate-proof") == .noContent)
  #expect(
    try check(TestGate { $0.allowsPlainHTTP = true }, "www.example.com", "pingate-proof", https: "on") == .unauthorized)
  // A web server that does not say how the visitor came.
  #expect(try check(test, "www.example.com", "__Host-Http-pingate") == .noContent)
  for name in ["pingate", "__Host-pingate", "__Host-Http-pingate-proof", "__host-http-pingate", "x__Host-Http-pingate"]
  {
    #expect(try check(test, "localhost", name) == .unauthorized, "\(name)")
  }
}

@Test func `the proof of a number that was verified goes into one cookie`() throws {
  let test = TestGate()
  let number = try #require(PhoneNumber(e164: "12025550143"))
  func field(_ request: Request, isRemembered: Bool = false, in test: TestGate) -> String? {
    let proof = test.gate.proof(
      for: number, by: .call, ticket: EntryTicket(target: "/", purpose: "members"), isRemembered: isRemembered,
      at: test.now)
    return test.gate.field(for: proof, answering: test.gate.carrier(of: request))
  }
  let secure = try #require(field(.asked("/verify"), in: test))
  #expect(secure.hasPrefix("__Host-Http-pingate-members="))
  #expect(secure.hasSuffix("; Path=/; Max-Age=43200; HttpOnly; SameSite=Lax; Secure"))
  let token = String(secure.dropFirst("__Host-Http-pingate-members=".count).prefix { $0 != ";" })
  let proof = try #require(test.gate.open(token))
  #expect(proof.purpose == "members" && proof.methods == Proof.Methods(.call) && proof.authenticatedAt == test.now)
  #expect(proof.subject == test.gate.ring.subject(of: number) && proof.expiresAt == test.now + .seconds(43_200))
  #expect(test.check(token, ["PINGATE_PURPOSE": "members"]) == .noContent)

  #expect(field(.asked("/verify"), isRemembered: true, in: test)?.contains("Max-Age=2592000;") == true)
  let forgetful = TestGate { $0.rememberedLife = nil }
  #expect(field(.asked("/verify"), isRemembered: true, in: forgetful)?.contains("Max-Age=43200;") == true)
  #expect(field(.asked("/verify", nil, ["HTTPS": ""]), in: test) == nil)
  let local = field(.asked("/verify", nil, ["HTTPS": "", "HTTP_HOST": "localhost"]), in: test)
  #expect(local?.hasPrefix("pingate-proof-members=") == true && local?.contains("Secure") == false)
}

@Test func `each purpose has a cookie of its own, and what is in the wrong one does not count`() throws {
  let test = TestGate()
  let (plain, board, members) = (
    try test.token(), try test.token(purpose: "board"), try test.token(purpose: "members")
  )
  func check(_ cookie: String, _ purpose: String) -> HTTPResponse.Status? {
    test.check(nil, ["HTTP_COOKIE": cookie, "PINGATE_PURPOSE": purpose])
  }
  let all = "__Host-Http-pingate=\(plain); __Host-Http-pingate-board=\(board); __Host-Http-pingate-members=\(members)"
  for purpose in ["", "board", "members"] { #expect(check(all, purpose) == .noContent) }
  #expect(check(all, "other") == .unauthorized)
  #expect(check("__Host-Http-pingate=\(board)", "board") == .unauthorized)
  #expect(check("__Host-Http-pingate-board=\(plain)", "board") == .unauthorized)
  #expect(check("__Host-Http-pingate-board=\(plain)", "") == .unauthorized)
  #expect(check("__Host-Http-pingate-boards=\(board)", "board") == .unauthorized)
  #expect(
    test.check(nil, ["HTTPS": "", "HTTP_HOST": "localhost", "HTTP_COOKIE": "pingate-proof-board=\(board)"])
      == .unauthorized)
  #expect(
    test.check(
      nil,
      [
        "HTTPS": "", "HTTP_HOST": "localhost", "HTTP_COOKIE": "pingate-proof-board=\(board)",
        "PINGATE_PURPOSE": "board",
      ]) == .noContent)
}

@Test func `signing out ends all proofs that came along, and makes up none`() {
  let test = TestGate()
  func ended(_ cookie: String, https: String = "on", host: String = "www.example.com") -> [String] {
    test.gate.endingFields(
      answering: .asked("/signout", nil, ["HTTP_COOKIE": cookie, "HTTPS": https, "HTTP_HOST": host])
    )
    .map { field in
      #expect(field.contains("=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax"))
      return String(field.prefix { $0 != "=" })
    }
  }
  #expect(ended("a=b") == ["__Host-Http-pingate"])
  #expect(
    ended(
      "__Host-Http-pingate-board=x; __Host-Http-pingate=y; __Host-Http-pingate-members=; __Host-Http-pingate-board=z; "
        + "__Host-Http-pingate-=x; __Host-Http-pingate-A=x; __Host-Http-pingate-a b=x; __Host-Http-pingate-b; x=1"
    )
      == ["__Host-Http-pingate", "__Host-Http-pingate-board", "__Host-Http-pingate-members"])
  #expect(ended("pingate-proof-board=x", https: "", host: "localhost") == ["pingate-proof", "pingate-proof-board"])
  #expect(ended("pingate-proof-board=x", https: "").isEmpty)
  let many = (0..<100).map { "__Host-Http-pingate-a\($0)=x" }.joined(separator: "; ")
  #expect(ended(many).count == 33)
}

@Test func `no cookie has 400 bytes, whatever its owner and its user are called`() throws {
  let number = try #require(PhoneNumber(e164: "12025550143"))
  let users = (1...24).map { String(repeating: "u", count: $0) } + ["müller", String(repeating: "x", count: 255)]
  for algorithm in ProofAlgorithm.allCases {
    for names in [2, 8, 22, 30, 37, 44] {
      for isForUsers in [false, true] {
        let test = TestGate(
          {
            $0.algorithm = algorithm
            $0.issuer = "p"
            $0.audience = String(repeating: "a", count: names - 1)
          }, admitted: isForUsers ? .users { UserNumbers() } : .everyNumber)
        let most = test.gate.longestPurpose
        for purpose in (0...most).map({ String(repeating: "p", count: $0) }) {
          for user in isForUsers ? users : [""] {
            let proof = test.gate.proof(
              for: number, of: UserName(user), by: .text, ticket: EntryTicket(target: "", purpose: purpose),
              isRemembered: true, at: test.now)
            let field = try #require(test.gate.field(for: proof, answering: test.gate.carrier(of: .asked("/verify"))))
            #expect(field.prefix { $0 != ";" }.utf8.count < 400, "\(names) \(purpose) \(user)")
          }
        }
        guard most < Proof.longestPurpose else { continue }
        // One that would make it longer is the owner's mistake.
        let long = String(repeating: "p", count: most + 1)
        #expect(test.check(try test.token(purpose: long), ["PINGATE_PURPOSE": long]) == .forbidden)
      }
    }
  }
  // What the usual name of a site leaves.
  #expect(TestGate().gate.longestPurpose >= 10)
  #expect(TestGate(admitted: .users { UserNumbers() }).gate.longestPurpose >= 7)
}

@Test func `what an owner should know of how is asked is told, and of each kind of thing not too often`() {
  let told = Locked<[GateTrouble]>([])
  let test = TestGate(tell: { trouble in told.with { $0.append(trouble) } })
  for _ in 0..<3 {
    _ = test.check(nil, ["PINGATE_PURPOSE": "No"])
    _ = test.check(nil, ["PINGATE_MAX_AGE": "soon"])
    _ = test.check(nil, ["PINGATE_MAX_AGE": "59"])
    _ = test.check(nil, ["PINGATE_MAX_AGE": "58"])
    _ = test.check(nil, ["PINGATE_MAX_AGE": "60"])
    _ = test.ask("/gate/board", nil, ["PINGATE_PURPOSE": "members", "REDIRECT_URL": "/a"])
    _ = test.ask("/enter/Board", nil, ["REDIRECT_STATUS": "403"])
    _ = test.check(nil)
  }
  #expect(told.with { $0 } == [.purpose, .maxAge, .short(59), .contradiction])
  _ = test.gate.answer(.asked("/check", nil, ["PINGATE_PURPOSE": "No"]), at: test.now + .seconds(600))
  #expect(told.with { $0.last } == .purpose && told.with { $0.count } == 5)
}

@Test func `what a visitor writes into a path is no mistake of the owner’s`() {
  let told = Locked<[GateTrouble]>([])
  let test = TestGate(tell: { trouble in told.with { $0.append(trouble) } })
  for demand in ["No", "59", "board/59", "board/soon", "1/2/3", "abcdefghijklmnop", "abcdefghijklmnopq"] {
    for place in ["/check", "/enter"] { _ = test.ask("\(place)/\(demand)", nil, browser) }
    // Where a rule leads all that is no file to the program.
    let path = "/gate/\(demand)"
    let rule: Pairs = ["SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": path, "REDIRECT_URL": path]
    _ = test.ask("", nil, browser + rule)
  }
  #expect(told.with { $0 }.isEmpty)
  let folder: Pairs = ["SCRIPT_NAME": "/cgi-bin/pingate", "PATH_INFO": "/gate/No", "REDIRECT_URL": "/private/"]
  _ = test.ask("", nil, browser + folder)
  #expect(told.with { $0 } == [.purpose])
}

@Test func `a proof for anything is found in a form’s request, with two signatures at the most`() throws {
  let test = TestGate()
  let (plain, board) = (try test.token(), try test.token(purpose: "board"))
  let parts = try (1...3).map { try test.token(age: .seconds($0)).split(separator: ".") }
  // In the form of a proof, with the signature of another one.
  let forged = [0, 1].map { "\(parts[$0][0]).\(parts[$0][1]).\(parts[2][2])" }
  func hasProof(_ pairs: [(String, String)]) -> Bool {
    let cookie = pairs.map { "__Host-Http-pingate\($0.0)=\($0.1)" }.joined(separator: "; ")
    return test.gate.provedSubject(in: .asked("/register", nil, ["HTTP_COOKIE": cookie]), at: test.now) != nil
  }
  #expect(hasProof([("", plain)]) && hasProof([("-board", board)]))
  #expect(!hasProof([]) && !hasProof([("", forged[0])]))
  #expect(hasProof([("", forged[0]), ("-board", board)]))
  // The same in another cookie costs nothing more.
  #expect(hasProof([("", forged[0]), ("-members", forged[0]), ("-board", board)]))
  #expect(!hasProof([("", forged[0]), ("", forged[1]), ("-board", board)]))
  #expect(!hasProof([("", forged[0]), ("-members", forged[1]), ("-board", board)]))
}

// MARK: What was verified before

@Test func `proofs that are kept are judged anew each time`() throws {
  let test = TestGate()
  let token = try test.token(life: .seconds(60))
  #expect(test.check(token) == .noContent)
  #expect(test.gate.answer(.asked("/check", token), at: test.now + .seconds(59))?.status == .noContent)
  #expect(test.gate.answer(.asked("/check", token), at: test.now + .seconds(60))?.status == .unauthorized)
  #expect(test.check(token, ["PINGATE_PURPOSE": "members"]) == .unauthorized)
}

@Test func `what is kept is bounded, and wrong proofs are not kept at all`() throws {
  let proofs = VerifiedProofs(capacity: 10)
  let proof = Proof(
    subject: "a", issuedAt: Timestamp(secondsSinceEpoch: 1), expiresAt: Timestamp(secondsSinceEpoch: 2),
    methods: Proof.Methods(.text))
  for number in 0..<100 {
    proofs.add(proof, [UInt8(number)])
    #expect(proofs.count <= 20 && proofs.proof([UInt8(number)]) == proof)
  }
  #expect(proofs.proof([0]) == nil)
  // Whoever comes again stays.
  for number in 100..<200 {
    proofs.add(proof, [UInt8(number)])
    #expect(proofs.proof([99]) == proof)
  }
}

// MARK: Keys

@Test func `the public keys may be kept for an hour`() throws {
  let response = try #require(TestGate(prefix: "/phone").ask("/phone/jwks.json"))
  #expect(response.status == .ok)
  #expect(response.header["content-type"] == "application/jwk-set+json")
  #expect(response.header["cache-control"] == "public, max-age=3600")
  #expect(String(decoding: response.body, as: UTF8.self).hasPrefix(#"{"keys":[{"kty":"EC""#))
  #expect(TestGate(prefix: "/phone").ask("/phone/jwks.json", nil, ["REQUEST_METHOD": "HEAD"])?.body.isEmpty == true)
  #expect(TestGate(prefix: "/phone").ask("/phone/jwks.json", nil, ["REQUEST_METHOD": "POST"]) == nil)
}

@Test(arguments: ["/", "/register", "/verify", "/style.css", "/checks", "/x/check", "/gateway", "/signout"])
func `all other places are not the gate’s`(path: String) {
  #expect(TestGate().ask(path) == nil)
  #expect(TestGate(prefix: "/phone").ask("/phone" + path) == nil)
}

// MARK: Who may pass

private let number = PhoneNumber(e164: "12025550143")!

extension TestGate {
  /// A proof that a number was verified, of a user whose password had been checked.
  fileprivate func token(of number: PhoneNumber, _ user: String?) throws -> String {
    let proof = gate.proof(
      for: number, of: user.flatMap { UserName($0) }, by: .text, ticket: nil, isRemembered: false, at: now)
    return try #require(gate.ring.token(proof))
  }
}

@Test func `behind a password a proof is the user’s whose password it was`() throws {
  let users = ["alice", "Alice", "a b", "~alice", "müller", String(repeating: "x", count: 200)]
  let file = UserNumbers(lines: users.map { "\($0):+12025550143" })
  #expect(file.problems.isEmpty)
  let test = TestGate(admitted: .users { file })
  for user in users {
    let token = try test.token(of: number, user)
    #expect(test.check(token, ["REMOTE_USER": user]) == .noContent, "\(user)")
    #expect(test.check(token, ["REDIRECT_REMOTE_USER": user]) == .noContent, "\(user)")
    for other in ["", "bob", "ALICE", user + "x"] {
      #expect(test.check(token, ["REMOTE_USER": other]) == .unauthorized)
    }
    #expect(test.check(token, ["HTTP_REMOTE_USER": user]) == .unauthorized)
    #expect(test.gate.open(token)?.methods == Proof.Methods(.text, hasPassword: true))
  }
  #expect(test.check(try test.token(of: number, nil), ["REMOTE_USER": "alice"]) == .unauthorized)
  let alice = try test.token(of: number, "alice")
  #expect(test.ask("/check", alice, ["REMOTE_USER": "alice"])?.header["x-pingate-user"] == "alice")
}

@Test func `a proof of a user ends when the file gives the user another number`() throws {
  let file = Locked(UserNumbers(lines: ["alice:+12025550143", "bob:+12025550143"]))
  let test = TestGate(admitted: .users { file.with { $0 } })
  let token = try test.token(of: number, "alice")
  #expect(test.check(token, ["REMOTE_USER": "alice"]) == .noContent)
  #expect(test.check(token, ["REMOTE_USER": "bob"]) == .unauthorized)
  file.with { $0 = UserNumbers(lines: ["alice:+12025550144"]) }
  #expect(test.check(token, ["REMOTE_USER": "alice"]) == .unauthorized)
  file.with { $0 = UserNumbers(lines: ["bob:+1", "alice:+1 202 555-0143"]) }
  #expect(test.check(token, ["REMOTE_USER": "alice"]) == .noContent)
  // Of the file's number, in its own way of writing it, and not of what the numbering plan made of that.
  let written = try #require(PhoneNumber(e164: "4402079460018"))
  file.with { $0 = UserNumbers(lines: ["alice:+44 0 20 7946 0018"]) }
  let proof = test.gate.proof(
    for: try #require(PhoneNumber(e164: "442079460018")), of: UserName("alice"), listedAs: written, by: .text,
    ticket: nil, isRemembered: false, at: test.now)
  #expect(test.check(test.gate.ring.token(proof), ["REMOTE_USER": "alice"]) == .noContent)
}

@Test func `whoever asks once finds the same as who asks often`() throws {
  let numbers = try (0..<50).map { try #require(PhoneNumber(e164: "120255501\(10 + $0)")) }
  for asksOnce in [false, true] {
    let list = NumberList(numbers.dropLast())
    let gate = Gate(
      GateSettings(audience: "a"), keyring: .of(7), site: "a", admitted: .listed { list }, asksOnce: asksOnce)
    for (number, status) in [
      (numbers[0], HTTPResponse.Status.noContent), (numbers[48], .noContent), (numbers[49], .forbidden),
    ] {
      let now = Timestamp(secondsSinceEpoch: 1_800_000_000)
      let proof = gate.proof(for: number, by: .text, ticket: nil, isRemembered: false, at: now)
      #expect(gate.answer(.asked("/check", gate.ring.token(proof)), at: now)?.status == status)
    }
  }
}

@Test func `a user who was taken out of the file, and a number off the list, pass no more`() throws {
  let gone = TestGate(admitted: .users { UserNumbers(lines: ["bob:+12025550144"]) })
  #expect(gone.check(try gone.token(of: number, "alice"), ["REMOTE_USER": "alice"]) == .forbidden)
  let listed = TestGate(admitted: .listed { NumberList([number]) })
  #expect(listed.check(try listed.token(of: number, nil)) == .noContent)
  let other = try #require(PhoneNumber(e164: "12025550144"))
  #expect(listed.check(try listed.token(of: other, nil)) == .forbidden)
}

@Test func `a good proof is one, whatever it is good for`() throws {
  let test = TestGate()
  for purpose in ["", "orders"] {
    #expect(
      test.gate.provedSubject(
        in: .asked("/register", try test.token(age: .seconds(3599), purpose: purpose)), at: test.now)
        == "subject-of-a-number")
  }
  for token in [nil, "", "x", try test.token(age: .seconds(3600)), try TestGate(key: 8).token()] {
    #expect(test.gate.provedSubject(in: .asked("/register", token), at: test.now) == nil)
  }
}
