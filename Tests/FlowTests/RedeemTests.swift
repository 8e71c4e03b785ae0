import Foundation
import Gateway
import HTTPTypes
import Limits
import Testing
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

private let secret = "c2VjcmV0LW9mLXRoZS1zaXRlLTMyLWJ5dGVz"

extension TestSite {
  fileprivate static func redeeming(store: (any CounterStore)? = nil) throws -> TestSite {
    try TestSite(
      settings: FlowSettings(identity: "www.example.com", redeemSecret: SharedSecret(secret)), store: store)
  }

  fileprivate func proof(_ life: Duration = .seconds(3_600)) -> Proof {
    Proof(
      subject: "Jw1q0kd8x2mZp4Tn", issuedAt: clock.now, expiresAt: clock.now + life,
      methods: Proof.Methods(.text, hasPassword: true), purpose: "members")
  }

  fileprivate func returnToken() throws -> String {
    let seal = TokenSeal<ReturnToken>(keyring, site: "www.example.com")
    return try #require(seal.seal(ReturnToken(proof())))
  }

  fileprivate func redeem(
    _ token: String, _ authorization: String? = "Bearer \(secret)", _ more: [String: String] = [:]
  ) async -> Response {
    var headers = ["HTTP_SEC_FETCH_SITE": ""].merging(more) { $1 }
    headers["HTTP_AUTHORIZATION"] = authorization
    return await post("/redeem", "token=\(token)", headers)
  }
}

extension Response {
  fileprivate var json: [String: Any] {
    get throws {
      #expect(fields[.contentType] == "application/json" && fields[.cacheControl] == "no-store")
      return try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }
  }

  fileprivate var outcome: String? { get throws { try json["outcome"] as? String } }
}

@Test func `a return token is redeemed once for what was proved`() async throws {
  let test = try TestSite.redeeming()
  let token = try test.returnToken()
  #expect(token.utf8.count <= ReturnToken.longestToken)
  let response = await test.redeem(token)
  #expect(response.status == .ok && response.fields[.setCookie] == nil)
  let json = try response.json
  let now = Int(test.clock.now.secondsSinceEpoch)
  #expect(json["outcome"] as? String == "page.redeemed" && json["sub"] as? String == "Jw1q0kd8x2mZp4Tn")
  #expect(json["iat"] as? Int == now && json["auth_time"] as? Int == now && json["exp"] as? Int == now + 3_600)
  #expect(json["amr"] as? [String] == ["pwd", "sms", "mfa"] && json["purpose"] as? String == "members")
  #expect((json["jti"] as? String)?.utf8.count == 8)

  for _ in 0..<2 {
    let again = await test.redeem(token)
    #expect(try again.status == .gone && again.outcome == "page.return_token_used")
    #expect(try again.json["sub"] == nil)
  }
}

@Test func `a program may send it as JSON, and a page never gets HTML`() async throws {
  let test = try TestSite.redeeming()
  let headers = [
    "CONTENT_TYPE": "application/json", "HTTP_AUTHORIZATION": "Bearer \(secret)", "HTTP_SEC_FETCH_SITE": "",
    "HTTP_ACCEPT": "text/html", "QUERY_STRING": "",
  ]
  let response = await test.post("/redeem", #"{"token":"\#(try test.returnToken())"}"#, headers)
  #expect(try response.status == .ok && response.outcome == "page.redeemed")
}

@Test func `a return token is good for a minute, by whichever clock`() async throws {
  let test = try TestSite.redeeming()
  let (young, old) = (try test.returnToken(), try test.returnToken())
  test.clock.advance(by: .seconds(59))
  #expect(await test.redeem(young).status == .ok)
  test.clock.advance(by: .seconds(1))
  let late = await test.redeem(old)
  #expect(try late.status == .gone && late.outcome == "page.return_token_expired")
  // A clock that was set back.
  test.clock.advance(by: .seconds(-200))
  #expect(await test.redeem(old).status == .gone)
}

@Test(arguments: [
  nil, "", "Bearer", "Bearer ", "Bearer x", "Basic \(secret)", secret, "Bearer \(secret) ", "Bearer \(secret)x",
  "Bearer \(secret.dropLast())", "Bearer,\(secret)",
])
func `without the site's secret nothing is redeemed, and nothing used up`(authorization: String?) async throws {
  let test = try TestSite.redeeming()
  let token = try test.returnToken()
  let response = await test.redeem(token, authorization)
  #expect(try response.status == .unauthorized && response.outcome == "page.redeem_unauthorized")
  #expect(response.fields[.wwwAuthenticate] == "Bearer")
  #expect(!response.text.contains("Jw1q0kd8x2mZp4Tn"))
  #expect(await test.redeem(token, "bearer  \(secret)").status == .ok)
}

@Test func `what is no return token of this site is refused`() async throws {
  let test = try TestSite.redeeming()
  let token = try test.returnToken()
  let middle = token.index(token.startIndex, offsetBy: 40)
  let flipped = "\(token[..<middle])\(token[middle] == "A" ? "B" : "A")\(token[token.index(after: middle)...])"
  let elsewhere = try #require(
    TokenSeal<ReturnToken>(test.keyring, site: "other.example").seal(ReturnToken(test.proof())))
  let form = try #require(
    TokenSeal<FormToken>(test.keyring, site: "www.example.com").seal(
      FormToken(browserTag: [UInt8](repeating: 0, count: 8), givenUp: nil, madeAt: test.clock.now)))
  for wrong in ["", "x", String(token.dropLast()), token + "A", flipped, elsewhere, form] {
    let response = await test.redeem(wrong)
    #expect(try response.status == .badRequest && response.outcome == "page.return_token_foreign", "\(wrong)")
  }
  #expect(await test.redeem(token).status == .ok)
}

@Test func `of many calls at a time exactly one redeems`() async throws {
  let test = try TestSite.redeeming()
  let token = try test.returnToken()
  let statuses = await withTaskGroup(of: Int.self) { group in
    for _ in 0..<50 { group.addTask { await test.redeem(token).status.code } }
    return await group.reduce(into: [Int]()) { $0.append($1) }
  }
  #expect(statuses.filter { $0 == 200 }.count == 1 && statuses.filter { $0 == 410 }.count == 49)
}

@Test func `where the store cannot be asked nothing is redeemed`() async throws {
  let failing = try TestSite.redeeming(store: ClosedStore(StoreFailure(.unavailable, "down")))
  let token = try failing.returnToken()
  let response = await failing.redeem(token)
  #expect(response.status == .serviceUnavailable && !response.text.contains("Jw1q0kd8x2mZp4Tn"))
}

@Test func `without a secret there is no such place, and another site's page may not ask`() async throws {
  let test = try TestSite()
  #expect(await test.redeem("x").status == .notFound)
  let redeeming = try TestSite.redeeming()
  let token = try redeeming.returnToken()
  #expect(
    await redeeming.redeem(token, "Bearer \(secret)", ["HTTP_ORIGIN": "https://evil.example"]).status == .forbidden)
  #expect(await redeeming.get("/redeem").status == .methodNotAllowed)
}

@Test func `no log has a return token or the secret`() async throws {
  let test = try TestSite.redeeming()
  let token = try test.returnToken()
  _ = await test.redeem(token)
  _ = await test.redeem(token)
  _ = await test.redeem(token, "Bearer wrong")
  let text = test.log.lines.map { "\($0.message) \($0.metadata)" }.joined()
  #expect(!text.contains(token) && !text.contains(secret) && !text.contains("wrong"))
  #expect(test.log.lines.map(\.message) == ["redeem.redeemed", "redeem.used", "redeem.unauthorized"])
}

@Test(arguments: [
  ("/a", "/a?vt=T"), ("/a?b=c&d", "/a?b=c&d&vt=T"), ("/a?", "/a?vt=T"), ("/a?b&", "/a?b&vt=T"),
  ("/a#f?g", "/a?vt=T#f?g"), ("/a?vt=OLD", "/a?vt=T"), ("/a?vt=OLD&b=c&vt&vtx=1#vt=", "/a?b=c&vtx=1&vt=T#vt="),
  ("/a?b#f", "/a?b&vt=T#f"), ("https://shop.example:8443/x?y=%26;z", "https://shop.example:8443/x?y=%26;z&vt=T"),
])
func `a return address keeps what it was, and has the token at the end of its query`(target: String, wanted: String) {
  #expect(ReturnAddress.adding("T", to: target) == wanted)
  #expect(ReturnAddress.adding("", to: target) == target)
}
