import Foundation
import Gateway
import HTTPTypes
import Testing

@testable import Flow
@testable import Pages

@Test func `the static files are the program's own pages without a brand`() throws {
  let www = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "www")
  let pages = Pages(brand: Brand())
  #expect(try Data(contentsOf: www.appending(path: "index.html")) == Data(pages.startPage))
  #expect(try Data(contentsOf: www.appending(path: "style.css")) == Data(pages.styleSheet))
  for page in ErrorPage.allCases {
    #expect(try Data(contentsOf: www.appending(path: page.fileName)) == Data(pages.errorPage(page, prefix: "")))
  }
}

@Test func `only the page for "not found", which is shown at any depth, names the site's place`() {
  let pages = Pages(brand: Brand(name: "Acme"))
  for page in ErrorPage.allCases {
    let text = String(decoding: pages.errorPage(page, prefix: "/phone"), as: UTF8.self)
    let home = page == .notFound ? "/phone/" : "./"
    #expect(text.contains(#"<link rel="stylesheet" href="\#(home)style.css">"#))
    #expect(text.contains(#"<a class="button" href="\#(home)">Start again</a>"#))
    #expect(!text.contains("reference"), "no line of the log is about it")
  }
}

@Test func `the first form is the tutorial's`() {
  let page = String(decoding: Pages(brand: Brand()).startPage, as: UTF8.self)
  #expect(page.contains(#"<form method="post" action="register">"#))
  #expect(page.contains(#"type="tel" id="number" name="number" value="" autocomplete="tel" maxlength="250""#))
  #expect(page.contains(#"<label for="number">"#) && page.contains(#"aria-describedby="number-hint""#))
  #expect(page.contains("<title>Verify your phone number</title>"))
  #expect(!page.contains("masthead") && !page.contains("<style"))
  #expect(page.contains(#"href="./style.css""#))
}

@Test func `the PIN page lets a browser fill the PIN in, and has room for the whole message`() async throws {
  let page = await (try TestSite()).post("/register", "number=12025550143").text
  let field = #"type="text" id="pin" name="pin" inputmode="numeric" autocomplete="one-time-code" maxlength="500""#
  #expect(page.contains(field))
  #expect(page.contains(#"<label for="pin">"#))
  #expect(page.contains("Did not get it?"))
  #expect(page.contains(#"formaction="cancel">Use another number</button>"#))
}

/// What swift-mustache lets through: it takes a character with a combining mark for another character.
private let hostile = [
  "<script>alert(1)</script>", "\"><b>", "' autofocus='", "&lt;", "\"\u{301} autofocus x=\u{22}\u{301}",
  "<\u{301}b>", "'\u{20DD}", "&\u{200D}amp;", ">\u{FE0F}", "{{title}}", "\u{10FFF0}A\u{10FFF1}",
]

@Test(arguments: hostile)
func `what a visitor types comes back as text`(typed: String) async throws {
  let test = try TestSite()
  let response = await test.post("/register", "number=\(typed.formEncoded)")
  #expect(response.status == .unprocessableContent)
  let escaped = typed.escapedScalars
  #expect(response.text.unicodeScalars.contains(Array("value=\"\(escaped)\" autocomplete=".unicodeScalars)))
}

@Test(arguments: hostile)
func `the owner's name is text too`(name: String) {
  let page = String(decoding: Pages(brand: Brand(name: name)).startPage, as: UTF8.self)
  let escaped = name.escapedScalars
  #expect(page.unicodeScalars.contains(Array("<p class=\"brand\">\(escaped)</p>".unicodeScalars)))
  #expect(page.unicodeScalars.contains(Array("number – \(escaped)</title>".unicodeScalars)))
}

extension String {
  /// Escaped scalar by scalar: `replacing` would look at characters, as the template engine does.
  fileprivate var escapedScalars: String {
    let entities: [Unicode.Scalar: String] = ["&": "&amp;", "<": "&lt;", ">": "&gt;", "\"": "&quot;", "'": "&#39;"]
    return unicodeScalars.map { entities[$0] ?? String($0) }.joined()
  }
}

@Test func `a logo takes the name's place and carries it for those who do not see it`() {
  let brand = Brand(name: "Acme & Co", logoPath: "/img/logo.svg?v=1&w=2")
  let page = String(decoding: Pages(brand: brand).startPage, as: UTF8.self)
  #expect(page.contains(#"<img class="logo" src="/img/logo.svg?v=1&amp;w=2" alt="Acme &amp; Co">"#))
  #expect(!page.contains(#"class="brand""#))
}

@Test(arguments: [
  ("/logo.svg", true), ("/", true), ("/a%20b.png?x=1", true), ("/" + String(repeating: "x", count: 255), true),
  ("", false), ("logo.svg", false), ("//evil.example/x", false), ("https://evil.example/x", false), ("/a b", false),
  ("/a\"b", false), ("/a<b", false), ("/\\evil.example", false), ("/ä", false), ("/a\n", false),
  ("/" + String(repeating: "x", count: 256), false),
])
func `a logo is a path on the same host`(path: String, isOne: Bool) {
  #expect(Brand.isLogoPath(path) == isOne)
  #expect((Brand(logoPath: path).logoPath != nil) == isOne)
}

// A page is made of its own template and the layout: see `Pages.library`.
@Test(arguments: TemplateName.allCases) func `the program's own templates include the layout and nothing else`(
  name: TemplateName
) {
  let tags = TemplateTags(of: .builtIn(name))
  #expect(Set(tags.includes.keys) == (name == .layout ? [] : [.layout]))
}
