import Gateway
import HTTPTypes
import Testing

@testable import Site

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
  "application/json", "multipart/form-data; boundary=x", "text/plain", "", "application/x-www-form-urlencodedx",
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
  "number=%", "number=%4", "number=%zz", "number=%ff", "number=1&number=2", "number=%00", "a\0b=1", "number=%1b",
])
func `a malformed form is refused whole`(body: String) async throws {
  let test = try TestSite()
  for path in ["/register", "/verify"] {
    #expect(await test.post(path, body).status == .badRequest)
  }
  #expect(test.verifier.started.isEmpty && test.verifier.checked.isEmpty)
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
  let response = try TestSite().site.overloaded
  #expect(response.status == .serviceUnavailable)
  #expect(response.fields[.retryAfter] == "10")
  #expect(response.fields[.contentLength] == String(response.body.count))
}
