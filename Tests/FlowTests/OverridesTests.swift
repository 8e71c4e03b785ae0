import Foundation
import Testing

@testable import Flow
@testable import Pages

/// The program's own templates in a folder, one of them edited.
private func problems(_ name: TemplateName, _ edit: (String) -> String) throws -> [String] {
  try withTemporaryFolder { folder in
    for template in TemplateName.allCases {
      let text = String(decoding: template.builtIn, as: UTF8.self)
      let edited = template == name ? edit(text) : text
      try Data(edited.utf8).write(to: folder.appending(path: template.fileName))
    }
    do {
      _ = try Pages(brand: Brand(name: "Acme", color: Color("#123456")), overrides: folder.path)
      return []
    } catch let failure as PagesFailure {
      return failure.problems.map(\.description)
    }
  }
}

private func line(of text: String, in name: TemplateName) -> Int {
  String(decoding: name.builtIn, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
    .firstIndex { $0.contains(text) }! + 1
}

@Test func `an edited copy is used`() throws {
  try withTemporaryFolder { folder in
    let text = String(decoding: TemplateName.number.builtIn, as: UTF8.self)
    try Data(text.replacing("{{words.number.label}}", with: "Téléphone").utf8).write(
      to: folder.appending(path: "number.mustache"))
    let pages = try Pages(brand: Brand(), overrides: folder.path)
    #expect(String(decoding: pages.startPage, as: UTF8.self).contains("<label for=\"number\">Téléphone</label>"))
  }
}

@Test func `a template may say what the program would say in its place, by the name that the words have`() throws {
  try withTemporaryFolder { folder in
    let lead = "{{<words.call.lead}}{{$number}}<b>{{number}}</b>{{/number}}{{/words.call.lead}}"
    let text = String(decoding: TemplateName.number.builtIn, as: UTF8.self)
      .replacing(
        "{{words.number.lead}}", with: "{{words.pin.label}} {{>words.help.title}} {{{words.error.prefix}}} \(lead)")
    try Data(text.utf8).write(to: folder.appending(path: "number.mustache"))
    let page = String(decoding: try Pages(brand: Brand(), overrides: folder.path).startPage, as: UTF8.self)
    #expect(page.contains("<p class=\"lead\">PIN Need help? Error: <b></b> looks like a landline, which gets no text "))
  }
}

@Test func `words in markup that has blocks of the same name are the words`() throws {
  try withTemporaryFolder { folder in
    // What fills the layout's block has words with an argument of the block's name.
    let layout = String(decoding: TemplateName.layout.builtIn, as: UTF8.self)
      .replacing("{{$content}}{{/content}}", with: "{{$number}}{{/number}}")
    try Data(layout.utf8).write(to: folder.appending(path: "layout.mustache"))
    for name in TemplateName.allCases where name != .layout {
      let text = String(decoding: name.builtIn, as: UTF8.self)
        .replacing("{{$content}}", with: "{{$number}}").replacing("{{/content}}", with: "{{/number}}")
      try Data(text.utf8).write(to: folder.appending(path: name.fileName))
    }
    let pages = try Pages(brand: Brand(), overrides: folder.path)
    #expect(pages.startPage == Pages(brand: Brand()).startPage)
  }
}

@Test(arguments: [
  ("{{words.pin.lable}}", "there are no words “words.pin.lable”; there are: words.action.continue, "),
  ("{{>words.nothing}}", "there are no words “words.nothing”"),
  ("{{words.user.lead}}", "“words.user.lead” needs the variable “ending”, which is not here"),
  (
    "{{<words.call.lead}}{{$nummer}}{{/nummer}}{{/words.call.lead}}",
    "“words.call.lead” has no “nummer”; it has: number"
  ),
  (
    "{{<words.call.lead}}{{$number}}{{words.call.lead}}{{/number}}{{/words.call.lead}}",
    "“words.call.lead” cannot stand in “words.call.lead” of line 1"
  ),
  ("{{<words.call.lead}}{{$number}}{{>call}}{{/number}}{{/words.call.lead}}", "“call” cannot stand in"),
  ("{{<words.call.lead}}{{title}}{{/words.call.lead}}", "“title” cannot stand in “words.call.lead”"),
  ("{{#words.pin.label}}{{/words.pin.label}}", "there is no variable “words.pin.label” here"),
])
func `words that there are not, and what cannot stand in them, are told`(tag: String, advice: String) throws {
  let found = try problems(.number) { "\(tag)\n\($0)" }
  #expect(found.count == 1 && found[0].hasPrefix("number.mustache:1: ") && found[0].contains(advice), "\(found)")
}

@Test func `unedited copies are good`() throws {
  for name in TemplateName.allCases { #expect(try problems(name) { $0 } == []) }
}

@Test func `a script that would be another one in each answer is told`() throws {
  for script in ["<script>f('{{again}}')</script>", "<Script>f('{{brand}}')</SCRIPT>"] {
    let found = try problems(.pin) { $0.replacing("</section>", with: "</section>\(script)") }
    #expect(found.count == 1 && found[0].contains("a script must be the same in every answer"))
  }
}

@Test func `without a folder the program's own are used`() throws {
  let pages = try Pages(brand: Brand(), overrides: nil)
  #expect(pages.startPage == Pages(brand: Brand()).startPage)
}

@Test func `a folder that is not there or has no templates is told`() throws {
  try withTemporaryFolder { folder in
    for path in [folder.path, folder.path + "/nowhere"] {
      let failure = #expect(throws: PagesFailure.self) { try Pages(brand: Brand(), overrides: path) }
      #expect(failure?.description.hasPrefix("\(path): has none of the templates layout.mustache,") == true)
    }
  }
}

@Test func `a template that cannot be read or is not UTF-8 is told with its line`() throws {
  try withTemporaryFolder { folder in
    try FileManager.default.createDirectory(
      at: folder.appending(path: "pin.mustache"), withIntermediateDirectories: false)
    try Data([0x61, 0x0A, 0x62, 0x0A, 0xFF]).write(to: folder.appending(path: "number.mustache"))
    let failure = #expect(throws: PagesFailure.self) { try Pages(brand: Brand(), overrides: folder.path) }
    let texts = failure?.problems.map(\.description) ?? []
    #expect(texts.count == 2)
    #expect(texts.contains("number.mustache:3: is not UTF-8; save it as UTF-8"))
    #expect(texts.contains { $0.hasPrefix("pin.mustache: cannot be read") })
  }
}

@Test func `a section that is not closed is told with the line where it opens`() throws {
  let opening = line(of: "{{#trouble}}", in: .pin)
  let problems = try problems(.pin) { $0.replacing("{{/trouble}}\n", with: "") }
  #expect(
    problems.contains(
      "pin.mustache:\(line(of: "{{/content}}", in: .pin) - 1): “{{/content}}” closes the section “trouble” of line \(opening)"
    ))
}

@Test func `a section that is closed without being open is told`() throws {
  #expect(
    try problems(.status) { $0 + "{{/x}}" }.last?.hasSuffix("“{{/x}}” closes a section that was not opened") == true)
}

@Test(arguments: ["{{", "{{#", "{{{title}}", "{{title}", "{{>layout", "{{=<% %>=}}", "{{%X:Y}}"])
func `a broken tag is told with its line`(tag: String) throws {
  let problems = try problems(.number) { "one\ntwo\n" + tag + "\n" + $0 }
  #expect(problems.contains { $0.firstMatch(of: #/^number\.mustache:\d+: /#) != nil }, "\(problems)")
  #expect(problems.first?.hasPrefix("number.mustache:3: ") == true, "\(problems)")
}

@Test(arguments: ["{{{title}}}\n", "{{& title }}\n", "{{\u{A0}title\u{A0}}}\n"])
func `a variable on a line of its own is shown there, and leaves the line`(tag: String) throws {
  try withTemporaryFolder { folder in
    let text = String(decoding: TemplateName.layout.builtIn, as: UTF8.self)
    try Data(text.replacing("<body>\n", with: "<body>\n\(tag)").utf8).write(
      to: folder.appending(path: "layout.mustache"))
    let page = String(decoding: try Pages(brand: Brand(), overrides: folder.path).startPage, as: UTF8.self)
    #expect(page.contains("<body>\nVerify your phone number\n"))
  }
}

@Test func `a block within a block is told, which would fill itself for ever`() throws {
  let problems = try problems(.status) {
    $0.replacing("{{/content}}", with: "{{$content}}again{{/content}}{{/content}}")
  }
  #expect(problems.contains { $0.contains(": the block “content” stands in the block “content” of line ") })
}

@Test func `a name that nobody sets is told with its line and the names that there are`() throws {
  let line = line(of: "<h1>", in: .pin)
  let problems = try problems(.pin) { $0.replacing("<h1>{{title}}", with: "<h1>{{titel}}") }
  #expect(problems.count == 1)
  #expect(problems.first?.hasPrefix("pin.mustache:\(line): there is no variable “titel” here; there are: ") == true)
  #expect(problems.first?.contains("requestId, title, trouble") == true)
}

@Test(arguments: [
  "{{number.x}}", "{{#requestId}}{{/requestId}}", "{{{pin}}}", "{{&pin}}", "{{upper(title)}}", "{{^x}}{{/x}}", "{{}}",
])
func `names of other pages, functions and parts are told`(tag: String) throws {
  #expect(try problems(.status) { tag + $0 }.first?.hasPrefix("status.mustache:1: there is no variable") == true)
}

@Test(arguments: ["{{>nothing}}", "{{> ../x }}", "{{>*title}}", "{{<base}}{{/base}}"])
func `a partial that is not there is told`(tag: String) throws {
  #expect(try problems(.status) { $0 + tag }.contains { $0.contains(": there is no template “") })
}

@Test func `templates that include each other in a circle are told`() throws {
  let one = try problems(.layout) { $0 + "\n{{>layout}}\n" }
  #expect(one.count == 1 && one[0].hasSuffix(": this template includes itself"))
  let two = try problems(.layout) { $0 + "\n{{>pin}}\n" }
  #expect(two.contains { $0.hasPrefix("layout.mustache:") } && two.contains { $0.hasPrefix("pin.mustache:1:") })
}

@Test func `a reserved character is told`() throws {
  #expect(try problems(.pin) { $0 + "\u{10FFF0}" }.count == 1)
}

/// What an edit takes away, and what is said then.
private let missing: [(TemplateName, String, String, String)] = [
  (.number, "action=\"register\"", "action=\"send\"", "there is no form with method=\"post\" and action=\"register\""),
  (.number, "method=\"post\"", "method=\"get\"", "there is no form with method=\"post\" and action=\"register\""),
  (.number, "name=\"number\"", "name=\"phone\"", "the form has no field with name=\"number\""),
  (.pin, "action=\"verify\"", "action=\"/verify\"", "there is no form with method=\"post\" and action=\"verify\""),
  (.pin, "name=\"pin\"", "name=\"code\"", "the form has no field with name=\"pin\""),
  (.pin, "name=\"requestId\"", "name=\"requestid\"", "the form has no field with name=\"requestId\""),
  (.pin, "type=\"hidden\"", "type=\"text\"", "the field “requestId” must be hidden"),
  (.pin, "value=\"{{requestId}}\"", "value=\"{{number}}\"", "the field “requestId” must be hidden"),
  (.pin, "{{number}}", "", "it does not show “{{number}}”"),
  (.pin, "{{fieldError}}", "", "it does not show “{{fieldError}}”"),
  (.pin, " {{fieldErrorDetail}}", "", "it does not show “{{fieldErrorDetail}}”"),
  (.pin, "{{trouble}}", "", "it does not show “{{trouble}}”"),
  (.number, "{{news}}", "", "it does not show “{{news}}”"),
  (.status, "{{.}}", "", "it does not show “{{paragraphs}}”"),
  (.status, "{{title}}", "", ""),
  (.status, "href=\"{{actionHref}}\"", "", "there is no link to “{{actionHref}}”"),
  (.number, "value=\"{{number}}\"", "value={{number}}", "put quotes around the value"),
  (.pin, "<form", "<!-- <form", "there is no form"),
]

@Test(arguments: missing.indices)
func `a page that lacks what it needs is told with file and line`(index: Int) throws {
  let (name, old, new, words) = missing[index]
  let problems = try problems(name) { $0.replacing(old, with: new) }
  guard !words.isEmpty else {
    // The title also stands in the layout.
    #expect(problems == [])
    return
  }
  #expect(
    problems.contains { $0.firstMatch(of: #/^[a-z]+\.mustache:\d+: /#) != nil && $0.contains(words) }, "\(problems)")
}

@Test func `a layout without the page's content is blamed itself`() throws {
  try withTemporaryFolder { folder in
    try Data("<!doctype html><title>{{title}}</title>".utf8).write(to: folder.appending(path: "layout.mustache"))
    let failure = #expect(throws: PagesFailure.self) { try Pages(brand: Brand(), overrides: folder.path) }
    #expect(failure?.problems.isEmpty == false)
    for problem in failure?.problems ?? [] {
      #expect(problem.description.hasPrefix("layout.mustache:1: on the "))
    }
  }
}

@Test func `no beginning of a template crashes the check`() throws {
  for name in TemplateName.allCases {
    let text = String(decoding: name.builtIn, as: UTF8.self)
    for length in stride(from: 0, through: text.count, by: 101) {
      _ = try problems(name) { _ in String(text.prefix(length)) }
    }
  }
}
