import HTTPTypes
import Testing

@testable import Gateway

@Test(arguments: [
  // Browsers on their way to a page: Firefox, Chrome, Safari; and what asks for anything.
  ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Representation.html),
  (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
      + "application/signed-exchange;v=b3;q=0.7", .html
  ),
  ("*/*", .html), ("", .html), ("text/*", .html), ("image/png", .html), ("text/html, application/json", .html),
  // Programs: fetch, axios, jQuery, curl.
  ("application/json", .json), ("Application/JSON", .json), ("application/json, text/plain, */*", .json),
  ("application/json, text/javascript, */*; q=0.01", .json), ("application/json;charset=UTF-8", .json),
  ("application/*", .json), ("application/*, */*", .json),
  // By their weights.
  ("text/html;q=0.5, application/json", .json), ("text/html, application/json;q=0.9", .html),
  ("text/html;q=0.899, application/json;q=0.9", .json), ("text/html;q=0.9, application/json;q=0.900", .html),
  ("application/json;q=1.000 , text/html ; q=0.999", .json), ("application/json;Q=0.5, text/html;q=0.4", .json),
  // The most precise range decides.
  ("application/json;q=0.1, application/*, text/html;q=0.2", .html), ("text/html;q=0, */*", .json),
  ("application/json;q=0, */*", .html), ("*/*;q=0.1, application/json;q=0.1", .json),
  ("text/*;q=0.5, application/*;q=0.6", .json),
  // Neither is wanted.
  ("application/json;q=0", .html), ("application/json;q=0, text/html;q=0", .html), ("*/*;q=0", .html),
  // Not well-formed, or something else.
  ("application/json;q=2", .html), ("application/json;q=0.1234", .html), ("application/json;q=", .html),
  ("application/json;q=-1", .html), ("application/json; q =1", .html), ("application/json;", .html),
  ("application/json;level=1", .html), ("application/json;q=1;q", .html), ("application /json", .html),
  ("application/", .html), ("/json", .html), ("application/json/x", .html), ("*/json", .html), ("json", .html),
  ("applicationjson", .html), ("application/jsonx", .html), ("application/problem+json", .html),
  ("\"application/json\"", .html), (",,application/json,,", .json), ("x;q=9, application/json", .json),
])
func `the form of an answer is what the Accept header prefers`(accept: String, wanted: Representation) {
  #expect(AcceptHeader(accept).representation == wanted)
}

@Test func `a longer header than anybody sends is not read, and one range too many is none`() {
  let long = String(repeating: " ", count: AcceptHeader.longest - 16)
  #expect(AcceptHeader("application/json" + long).representation == .json)
  #expect(AcceptHeader("application/json" + long + " ").representation == .html)
  let many = String(repeating: "a/b,", count: AcceptHeader.mostRanges - 1)
  #expect(AcceptHeader(many + "application/json").representation == .json)
  #expect(AcceptHeader("a/b," + many + "application/json").representation == .html)
}

@Test func `a request without the header, or with two, wants a page`() {
  #expect(Representation(wantedBy: Request(method: .post, parameters: [:])) == .html)
  let one = Request(method: .post, parameters: ["HTTP_ACCEPT": "application/json"])
  #expect(Representation(wantedBy: one) == .json)
  let two = Request(method: .post, parameters: ["HTTP_ACCEPT": "application/json", "HTTP_ACCEPT": "text/html"])
  #expect(Representation(wantedBy: two) == .html)
}

@Test(arguments: [
  ("text/html", true), ("TEXT/HTML;q=0.1", true), ("a/b, text/html ;q=0.9,*/*", true),
  ("text/html;charset=utf-8", true),
  ("*/*", false), ("text/*", false), ("", false), ("application/xhtml+xml", false), ("text/html;q=0", false),
  ("text/html;q=0.000", false),
  // By the same rules as the choice of a form.
  ("text/html;q=2", false), ("text/html;q=", false), ("text/html;level=1", false), ("text/html;q=0,x/y", false),
])
func `a browser on its way to a page names HTML`(accept: String, isNamed: Bool) {
  #expect(Request(method: .get, parameters: ["HTTP_ACCEPT": accept]).acceptsHTML == isNamed)
}
