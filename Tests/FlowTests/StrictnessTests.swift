import Gateway
import HTTPTypes
import Logging
import Testing
import Verification

@testable import Flow
@testable import Pages

private let methods: [HTTPRequest.Method] = [.get, .head, .post, .put, .delete, .options, .patch, .trace, .connect]

@Test(arguments: ["/", "/index.html", "/style.css"])
func `a file is read and nothing else`(path: String) async throws {
  let test = try TestSite()
  for method in methods {
    let response = await test.get(path, method: method)
    let isReading = method == .get || method == .head
    #expect(response.status == (isReading ? .ok : .methodNotAllowed), "\(method)")
    #expect(response.fields[.allow] == (isReading ? nil : "GET, HEAD"))
  }
}

@Test(arguments: ["/register", "/verify"])
func `only a POST does anything`(path: String) async throws {
  let test = try TestSite()
  for method in methods where method != .post {
    let query = ["QUERY_STRING": "number=12025550143"]
    let response = await test.get(path, method: method, query)
    #expect(response.status == .methodNotAllowed, "\(method)")
    #expect(response.fields[.allow] == "POST")
    #expect(response.body.isEmpty == (method == .head))
  }
  #expect(test.verifier.started.isEmpty && test.verifier.checked.isEmpty)
}

@Test(arguments: [
  "application/ld+json", "application/jsonx", "multipart/mixed; boundary=x", "multipart/form-datax; boundary=x",
  "text/plain", "", "application/x-www-form-urlencodedx",
  "x, application/x-www-form-urlencoded", "application/x-www- form-url encoded", "application/x-www-form-urlencoded x",
])
func `another type than a form's is refused`(type: String) async throws {
  let test = try TestSite()
  let response = await test.post("/register", "number=12025550143", ["CONTENT_TYPE": type])
  #expect(response.status == .unsupportedMediaType)
  #expect(test.verifier.started.isEmpty)
}

@Test(arguments: ["Application/X-WWW-Form-URLEncoded", "application/x-www-form-urlencoded ; charset=UTF-8"])
func `a form's type is known in each spelling`(type: String) async throws {
  let test = try TestSite()
  #expect(await test.post("/register", "number=12025550143", ["CONTENT_TYPE": type]).status == .ok)
}

@Test(arguments: [
  (Body.tooLarge, HTTPResponse.Status.contentTooLarge), (.lengthMissing, .lengthRequired),
  (.lengthWrong, .badRequest),
])
func `a body that is not there has its own status`(body: Body, status: HTTPResponse.Status) async throws {
  let test = try TestSite()
  for path in ["/register", "/verify"] {
    let response = await test.site.respond(to: .make(.post, path, body: body))
    #expect(response.status == status)
    #expect(response.heading == "We could not read this form")
  }
}

@Test(arguments: [
  "number=%", "number=%4", "number=%zz", "number=%ff", "pin=%ff", "number=%00", "number=%1b",
  "requestId=a&requestId=b", "form=%ff",
])
func `a malformed form is refused whole`(body: String) async throws {
  let test = try TestSite()
  for path in ["/register", "/verify"] {
    #expect(await test.post(path, body).status == .badRequest)
  }
  #expect(test.verifier.started.isEmpty && test.verifier.checked.isEmpty)
}

@Test func `why a form could not be read is in the log`() async throws {
  let test = try TestSite()
  _ = await test.post("/register", "number=%ff")
  _ = await test.post("/verify", "requestId=a&requestId=b")
  _ = await test.post("/verify", "x", ["CONTENT_TYPE": "multipart/form-data; boundary=y"])
  _ = await test.site.respond(to: .make(.post, "/verify", body: .lengthWrong))
  #expect(test.log.lines.map(\.message) == Array(repeating: "request.malformed", count: 4))
  #expect(
    test.log.lines.map { $0.metadata["reason"] } == ["notUTF8", "contradictoryFields", "brokenParts", "lengthWrong"])
}

@Test func `a form that a widget has added to is read as the widget means it`() async throws {
  let test = try TestSite()
  let others = (1...100).map { "utm_\($0)=x&utm=\($0)" }.joined(separator: "&")
  let response = await test.post("/register", "number=0143&\(others)&number=%2B1+202+555+0143&bad=%zz")
  #expect(response.status == .ok)
  #expect(test.verifier.started.map(\.number.digits) == ["12025550143"])
  let again = await test.post("/verify", "pin=1&pin=2&requestId=\(try #require(response.token).formEncoded)&pin=123456")
  #expect(again.heading == "Account verified!")
  #expect(
    test.log.lines.filter { $0.message == "request.repeated_field" }.map { $0.metadata["field"] } == ["number", "pin"])
}

@Test func `a form may come as fetch sends a FormData`() async throws {
  let test = try TestSite()
  let body = "--b\r\nContent-Disposition: form-data; name=\"number\"\r\n\r\n+12025550143\r\n--b--\r\n"
  let response = await test.post("/register", body, ["CONTENT_TYPE": "multipart/form-data; boundary=b"])
  #expect(response.status == .ok)
  #expect(test.verifier.started.count == 1)
  let foreign = ["CONTENT_TYPE": "multipart/form-data; boundary=b", "HTTP_SEC_FETCH_SITE": "cross-site"]
  #expect(await test.post("/register", body, foreign).status == .forbidden)
}

@Test func `an address that nobody knows is told once`() async throws {
  let test = try TestSite()
  for _ in 0..<3 { _ = await test.post("/register", "number=1", ["REMOTE_ADDR": "unix:"]) }
  _ = await test.post("/register", "number=1", ["REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": "192.0.2.1"])
  let told = test.log.lines.filter { $0.message.hasPrefix("address.") }
  #expect(told.map(\.message) == ["address.unix_socket", "address.unnamed_proxy"])
  #expect(
    told.allSatisfy { $0.level == .warning && $0.metadata["advice"]?.contains("PINGATE_TRUSTED_PROXIES") == true })
}

@Test func `origin is looked at before type, type before length, length before the form`() async throws {
  let test = try TestSite()
  let foreign = ["HTTP_SEC_FETCH_SITE": "cross-site"]
  let wrongType = ["CONTENT_TYPE": "text/plain"]
  func status(_ more: [String: String], _ body: Body) async -> Int {
    await test.site.respond(to: .make(.post, "/register", more, body: body)).status.code
  }
  #expect(await status(foreign.merging(wrongType) { $1 }, .tooLarge) == 403)
  #expect(await status(wrongType, .tooLarge) == 415)
  #expect(await status([:], .tooLarge) == 413)
}

@Test(arguments: [
  "/nothing", "/style.css/", "/register/", "/../etc/passwd", "/%2e%2e/", "//", "/index.html/x", "/Register",
  "/style.css\0", "/pin.mustache", "/layout.mustache",
])
func `any other path is not found, whatever is asked of it`(path: String) async throws {
  let test = try TestSite()
  #expect(await test.get(path).status == .notFound)
  #expect(await test.post(path, "number=12025550143").status == .notFound)
  #expect(test.verifier.started.isEmpty)
}

@Test func `a page deep below finds its style sheet and the way back`() async throws {
  let test = try TestSite()
  let response = await test.get("/a/b/c")
  #expect(response.text.contains(#"href="../../style.css""#))
  #expect(response.text.contains(#"href="../../">Start again</a>"#))
  #expect(await test.get(String(repeating: "/x", count: 4_000)).body.count < 4_000)
}

@Test func `nobody is authorized`() async throws {
  let test = try TestSite()
  var request = Request.make(.get, "/")
  request.role = .authorizer
  #expect(await test.site.respond(to: request).status == .notFound)
}

@Test func `an overloaded site says when to come back`() async throws {
  let response = try TestSite().site.overloaded(.make(.get, "/"))
  #expect(response.status == .serviceUnavailable)
  #expect(response.fields[.retryAfter] == "10")
  #expect(response.fields[.contentLength] == String(response.body.count))
}
