import Gateway
import HTTPTypes
import Testing

@Suite struct RequestTests {
  private func request(_ parameters: [(name: String, value: String)]) -> Request {
    Request(parameters: Parameters(parameters), body: .bytes([]))
  }

  @Test(arguments: [("GET", HTTPRequest.Method.get), ("POST", .post), ("HEAD", .head)])
  func `the method is the web server's`(_ text: String, _ method: HTTPRequest.Method) {
    #expect(request([("REQUEST_METHOD", text)]).method == method)
  }

  @Test(arguments: ["", " ", "GET POST", "GE\u{0}T", "GÉT", "G:"]) func `an ill-formed method is none`(_ text: String) {
    let method = request([("REQUEST_METHOD", text)]).method
    #expect(![.get, .post, .head, .put].contains(method))
    #expect(request([]).method == method)
  }

  @Test func `methods differ in case`() {
    #expect(request([("REQUEST_METHOD", "post")]).method != .post)
  }

  @Test(
    arguments: [
      ("nginx", [("SCRIPT_NAME", "/register")], "/register"),
      ("nginx, with an empty PATH_INFO", [("SCRIPT_NAME", "/register"), ("PATH_INFO", "")], "/register"),
      ("lighttpd", [("SCRIPT_NAME", "/verify"), ("PATH_INFO", "/register")], "/register"),
      ("CGI", [("SCRIPT_NAME", "/cgi-bin/pingate"), ("PATH_INFO", "/register")], "/register"),
      ("CGI, the program itself", [("SCRIPT_NAME", "/cgi-bin/pingate")], "/cgi-bin/pingate"),
      ("Caddy, h2o", [("SCRIPT_NAME", ""), ("PATH_INFO", "/verify")], "/verify"),
      ("a line of the owner's behind an include", [("SCRIPT_NAME", "/a"), ("SCRIPT_NAME", "/b")], "/b"),
      ("a path that is taken back", [("SCRIPT_NAME", "/a"), ("PATH_INFO", "/b"), ("PATH_INFO", "")], "/a"),
      ("nginx, the document alone", [("DOCUMENT_URI", "/verify")], "/verify"),
      ("nothing", [], ""),
    ] as [(String, [(String, String)], String)])
  func `the path is the part below the program`(_ server: String, _ parameters: [(String, String)], _ path: String) {
    #expect(request(parameters.map { (name: $0.0, value: $0.1) }).path == path)
  }

  @Test func `a header is found under the name that CGI gives it`() {
    let request = request([
      ("HTTP_ACCEPT_LANGUAGE", "de"), ("CONTENT_TYPE", "text/plain"), ("CONTENT_LENGTH", "5"), ("HTTP_EMPTY", ""),
      ("HTTP_CONTENT_TYPE", "text/forged"),
    ])
    #expect(request.header(.acceptLanguage) == "de" && request.hasHeader(.acceptLanguage))
    #expect(request.header(.contentType) == "text/plain")
    #expect(request.header(.contentLength) == "5")
    #expect(request.header(.userAgent) == nil && !request.hasHeader(.userAgent))
  }

  @Test func `a header that comes twice with other values is there and has no value`() throws {
    let request = request([
      ("HTTP_ORIGIN", "https://a"), ("HTTP_ORIGIN", "https://b"), ("HTTP_HOST", "a"), ("HTTP_HOST", "a"),
      ("HTTP_REFERER", ""), ("HTTP_REFERER", "x"), ("HTTP_DNT", "1"), ("HTTP_DNT", ""),
    ])
    #expect(request.header(.origin) == nil && request.hasHeader(.origin))
    #expect(try request.header(#require(HTTPField.Name("Host"))) == "a")
    #expect(request.header(.referer) == "x")
    #expect(try request.hasHeader(#require(HTTPField.Name("DNT"))))
  }

  @Test func `the type of the body is the web server's last word`() {
    let request = request([("CONTENT_TYPE", "text/plain"), ("CONTENT_TYPE", "text/html")])
    #expect(request.header(.contentType) == "text/html")
  }

  @Test(
    arguments: [
      ([("HTTP_HOST", "a:81")], "a:81"),
      // Debian's fastcgi_params and an owner's own line behind it.
      ([("HTTP_HOST", "a"), ("HTTP_HOST", "a:81")], "a:81"),
      ([("HTTP_HOST", "a"), ("SERVER_NAME", "b"), ("SERVER_PORT", "81")], "a"),
      ([("SERVER_NAME", "b"), ("SERVER_PORT", "81")], "b:81"),
      ([("HTTP_HOST", ""), ("SERVER_NAME", "b"), ("SERVER_PORT", "81")], "b:81"),
      ([("SERVER_NAME", "b")], "b"),
      ([("SERVER_NAME", "b"), ("SERVER_PORT", "81x")], "b"),
      ([("SERVER_NAME", "::1"), ("SERVER_PORT", "81")], "[::1]:81"),
      ([("SERVER_NAME", "[::1]"), ("SERVER_PORT", "81")], "[::1]:81"),
      ([("SERVER_PORT", "81")], nil),
      ([], nil),
    ] as [([(String, String)], String?)])
  func `the host is what was asked for, or else the server's own`(_ parameters: [(String, String)], _ host: String?) {
    #expect(request(parameters.map { (name: $0.0, value: $0.1) }).host == host)
  }
}
