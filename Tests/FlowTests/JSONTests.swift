import Encoding
import Foundation
import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Flow
@testable import Pages

/// What a program says of what it wants; it has no origin.
private let program = ["HTTP_ACCEPT": "application/json", "HTTP_SEC_FETCH_SITE": ""]

extension TestSite {
  fileprivate func call(_ path: String, _ body: String, _ more: [String: String] = [:]) async -> Response {
    await post(path, body, program.merging(["CONTENT_TYPE": "application/json"]) { $1 }.merging(more) { $1 })
  }
}

extension Response {
  /// - Throws: when it is not one JSON object, with the fields of every JSON answer.
  fileprivate var json: [String: Any] {
    get throws {
      #expect(fields[.contentType] == "application/json" && fields[.vary] == "Accept")
      #expect(fields[.cacheControl] == "no-store" && fields[.xContentTypeOptions] == "nosniff")
      #expect(fields[.contentLength] == String(body.count))
      #expect(!fields.contains { $0.name.canonicalName.hasPrefix("access-control") })
      return try #require(try JSONSerialization.jsonObject(with: Data(body)) as? [String: Any])
    }
  }

  fileprivate func text(_ name: String) throws -> String { try #require(try json[name] as? String) }
}

@Test func `a program goes the whole way in JSON`() async throws {
  let test = try TestSite()
  let sent = await test.call("/register", #"{"number":"+1 202 555 0143"}"#)
  #expect(sent.status == .ok && sent.fields[.location] == nil)
  let page = try sent.json
  #expect(
    page.keys.sorted() == [
      "channel", "channels", "expiresAt", "message", "nextSendAt", "number", "outcome", "requestId", "title",
    ])
  #expect(page["outcome"] as? String == "start.sent" && page["title"] as? String == "Enter your PIN")
  #expect(page["number"] as? String == "+1 202-555-0143" && page["channel"] as? String == "text")
  #expect(page["channels"] as? [String] == ["text", "call"])
  #expect(page["expiresAt"] as? String == (test.clock.now + .seconds(300)).rfc3339)
  let next = try #require(page["nextSendAt"] as? String)
  #expect(next > test.clock.now.rfc3339 && next < (test.clock.now + .seconds(300)).rfc3339)

  let id = try sent.text("requestId")
  test.verifier.onCheck(.success(.wrongCode))
  let wrong = await test.call("/verify", #"{"requestId":"\#(id)","pin":"654321"}"#)
  #expect(wrong.status == .unprocessableContent)
  #expect(try wrong.text("outcome") == "pin.wrong" && wrong.json["triesLeft"] as? Int == 2)
  #expect(try wrong.text("message") == "That PIN is not right. Check the message. You have 2 tries left.")
  #expect(try wrong.text("requestId") == id)

  test.verifier.onCheck(.success(.verified))
  let right = await test.call("/verify", #"{"requestId":"\#(id)","pin":"123456"}"#)
  #expect(right.status == .ok && right.fields[.setCookie] != nil)
  #expect(try right.json.keys.sorted() == ["message", "outcome", "title"])
  #expect(try right.text("outcome") == "page.verified" && right.text("title") == "Account verified!")

  let again = await test.call("/verify", #"{"requestId":"\#(id)","pin":"123456"}"#)
  #expect(try again.status == .gone && again.text("outcome") == "page.used")
}

@Test func `each button has its JSON, with the time to wait in the header too`() async throws {
  let test = try TestSite()
  let id = try await test.call("/register", #"{"number":"+12025550143"}"#).text("requestId")
  let early = await test.call("/resend", #"{"requestId":"\#(id)"}"#)
  #expect(early.status == .tooManyRequests)
  let wait = try #require(try early.json["retryAfter"] as? Int)
  #expect(early.fields[.retryAfter] == "\(wait)" && wait > 0)
  #expect(try early.text("outcome") == "resend.too_early" && early.text("requestId").isEmpty == false)

  test.clock.advance(by: .seconds(120))
  let call = await test.call("/call", #"{"requestId":"\#(try early.text("requestId"))"}"#)
  #expect(try call.status == .ok && call.text("outcome") == "resend.sent" && call.text("channel") == "call")
  #expect(try call.text("message") == "We are calling you now.")

  let cancelled = await test.call("/cancel", #"{"requestId":"\#(try call.text("requestId"))"}"#)
  #expect(try cancelled.status == .ok && cancelled.text("outcome") == "cancel.given_up")
  #expect(try cancelled.text("number") == "+1 202-555-0143" && !cancelled.text("form").isEmpty)
}

@Test func `numbers that could be meant are listed with their countries`() async throws {
  let test = try TestSite(plan: .serving("US", "BZ"))
  let response = await test.call("/register", #"{"number":"501 622 1234"}"#)
  let json = try response.json
  #expect(response.status == .ok && json["outcome"] as? String == "number.unclear")
  let choices = try #require(json["choices"] as? [[String: String]])
  #expect(choices[1] == ["number": "+501 622-1234", "country": "BZ"] && choices.count == 2)
  #expect(test.verifier.started.isEmpty)
}

@Test func `forms of browsers have JSON answers too`() async throws {
  let test = try TestSite()
  let response = await test.post("/register", "number=%2B12025550143", ["HTTP_ACCEPT": "application/json"])
  #expect(try response.status == .ok && response.text("outcome") == "start.sent")
}

@Test func `a page and JSON are told apart by a cache`() async throws {
  let test = try TestSite()
  for accept in ["application/json", "text/html", ""] {
    for response in [
      await test.post("/register", "number=", ["HTTP_ACCEPT": accept]),
      await test.get("/verify", ["HTTP_ACCEPT": accept, "QUERY_STRING": "AAAA"]),
      await test.get("/nothing", ["HTTP_ACCEPT": accept]),
      await test.post("/register", "number=12025550143", ["HTTP_ACCEPT": accept, "QUERY_STRING": ""]),
    ] {
      #expect(response.fields[.vary] == "Accept")
    }
  }
}

@Test func `what is wrong with a request is said in JSON`() async throws {
  let test = try TestSite()
  func expect(_ response: Response, _ status: HTTPResponse.Status, _ outcome: String) throws {
    #expect(response.status == status)
    #expect(try response.text("outcome") == outcome)
  }
  try expect(await test.get("/nothing", program), .notFound, "page.not_found")
  let wrongMethod = await test.get("/register", program)
  try expect(wrongMethod, .methodNotAllowed, "page.method_not_allowed")
  #expect(wrongMethod.fields[.allow] == "POST")
  try expect(await test.call("/register", "{"), .badRequest, "page.unreadable_form")
  try expect(await test.call("/register", #"{"number":1}"#), .badRequest, "page.unreadable_form")
  try expect(
    await test.call("/register", "{}", ["CONTENT_TYPE": "text/plain"]), .unsupportedMediaType, "page.unreadable_form")
  try expect(
    await test.respond(to: .make(.post, "/register", program, body: .tooLarge)), .contentTooLarge,
    "page.unreadable_form")
  try expect(await test.call("/verify", #"{"requestId":"x","pin":"1"}"#), .badRequest, "page.foreign")
  try expect(test.site.overloaded(.make(.get, "/", program)), .serviceUnavailable, "page.crowded")
  let closed = UnconfiguredSite(pages: Pages(brand: Brand()), log: test.log.logger())
  let unavailable = await closed.respond(to: .make(.post, "/register", program))
  try expect(unavailable, .serviceUnavailable, "page.unavailable")
  let reference = try unavailable.text("reference")
  #expect(test.log.lines.contains { $0.metadata["exchange"] == reference })
}

@Test(arguments: [
  ["HTTP_SEC_FETCH_SITE": "cross-site"], ["HTTP_ORIGIN": "https://evil.example"], ["HTTP_ORIGIN": "null"],
  ["HTTP_REFERER": "https://evil.example/"],
])
func `another site's page sends no JSON, and reads none`(headers: [String: String]) async throws {
  let test = try TestSite()
  for type in ["application/json", "application/x-www-form-urlencoded", "text/plain"] {
    let response = await test.call(
      "/register", #"{"number":"+12025550143"}"#, headers.merging(["CONTENT_TYPE": type]) { $1 })
    #expect(response.status == .forbidden)
    _ = try response.json
  }
  // A browser asks first whether it may send JSON (CORS), and is not told so.
  let asked = await test.get(
    "/register", method: .options,
    ["HTTP_ORIGIN": "https://evil.example", "HTTP_ACCESS_CONTROL_REQUEST_HEADERS": "content-type"])
  #expect(asked.status == .methodNotAllowed)
  #expect(!asked.fields.contains { $0.name.canonicalName.hasPrefix("access-control") })
  #expect(test.verifier.started.isEmpty)
}

/// The members that a description of the answers has to know.
private let members: Set<String> = [
  "outcome", "title", "message", "number", "form", "choices", "channel", "channels", "requestId", "expiresAt",
  "nextSendAt", "triesLeft", "retryAfter", "reference",
]

@Test(arguments: Outcome.all)
func `each outcome has its JSON, which tells no more than its page`(outcome: Outcome) throws {
  let log = RecordedLog()
  func response(_ representation: Representation) -> Response {
    let context = RequestContext(representation)
    context.arguments.number = "+1 202 555 0143"
    let conclusion = Concluder(log: log.logger()).conclude(outcome, context)
    return Pages(brand: Brand(name: "Acme")).response(to: conclusion).measured
  }
  let (page, answer) = (response(.html), response(.json))
  let json = try answer.json
  #expect(answer.status == page.status && answer.fields[.retryAfter] == page.fields[.retryAfter])
  #expect(members.isSuperset(of: json.keys))
  #expect(json["title"] as? String == page.heading)
  for name in ["outcome", "message"] { #expect((json[name] as? String)?.isEmpty == false) }
  #expect((json["reference"] != nil) == page.text.contains("<code>"))
  #expect((json["retryAfter"] as? Int).map(String.init) == page.fields[.retryAfter])
  // The account with the provider is nobody else's affair.
  let name = try #require(json["outcome"] as? String)
  for kind in VerifierFailure.Kind.allCases where kind != .overloaded { #expect(!name.contains(kind.rawValue)) }
}

@Test func `docs/openapi.yaml names each outcome, and no other`() throws {
  let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../../docs/openapi.yaml")
  let list = try String(contentsOf: file, encoding: .utf8).split(separator: "      enum:\n").last
  let described = try #require(list).split(separator: "\n").prefix { $0.hasPrefix("        - ") }.map {
    String($0.dropFirst("        - ".count))
  }
  let names = Set(Outcome.all.map { OutcomeRow($0).page.message?.rawValue ?? OutcomeRow($0).code })
  #expect(Set(described) == names && described.count == names.count)
}
