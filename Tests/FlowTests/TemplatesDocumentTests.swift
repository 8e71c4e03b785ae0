import Foundation
import Testing

@testable import Flow
@testable import Pages

@Test func `the document of templates is made of what they may use`() throws {
  let document = Repository.folder.appending(path: "docs/templates.md")
  if Repository.isWriting { try text.write(to: document, atomically: true, encoding: .utf8) }
  let written = try String(contentsOf: document, encoding: .utf8)
  #expect(written == text, "PINGATE_WRITE=1 swift test --filter FlowTests writes it anew")
}

private var text: String {
  let variables = TemplateName.allCases.map { name in
    let names = name.variables.filter { $0 != "." }.subtracting(name == .layout ? [] : TemplateName.layout.variables)
    return "| `\(name.fileName)` | \(names.sorted().map { "`\($0)`" }.joined(separator: ", ")) |"
  }
  let words = Catalog.english.labels.map { "| `\($0.templateName)` | \($1) |" }
  return """
    # Your own templates

    `pingate pages export my-pages` writes the templates, and `PINGATE_PAGES=/path/to/my-pages` makes PinGate use them ([pages.md](pages.md)). A folder
    may contain only some of them; for the others PinGate uses its own. They are Mustache: variables `{{title}}`, sections `{{#brand}}…{{/brand}}`
    and inverted ones `{{^brand}}…{{/brand}}`, comments, partials `{{>layout}}`, and pages that fill the layout's blocks
    (`{{<layout}}{{$content}}…{{/content}}{{/layout}}`). `pingate check-config` reports each mistake with its file and line.

    This file is generated from the program's own tables (`PINGATE_WRITE=1 swift test --filter FlowTests`).

    ## Words

    A page's texts come from the program's catalog, by name: `{{words.pin.label}}`. You can write a text of your own in its place. Arguments in
    braces are filled in automatically. To put markup around an argument, fill the block with its name:

        {{<words.choice.lead}}{{$number}}<strong>{{number}}</strong>{{/number}}{{/words.choice.lead}}

    | name | says |
    |---|---|
    \(words.sorted().joined(separator: "\n"))

    Messages, titles, times and countries are not listed here: they are variables.

    ## Variables

    Every page also has the variables of the layout.

    | template | variables |
    |---|---|
    \(variables.joined(separator: "\n"))

    A script must be the same in every response, because it is allowed by its hash: it gets its texts from attributes, as the one in
    `pin.mustache` gets `data-after` and `data-now`.

    """
}
