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

    `pingate pages export my-pages` writes them, and `PINGATE_PAGES=/path/to/my-pages` has them used ([pages.md](pages.md)). A folder may
    have some of them only; the others are the program's own. They are Mustache: variables `{{title}}`, sections `{{#brand}}…{{/brand}}`
    and inverted ones `{{^brand}}…{{/brand}}`, comments, partials `{{>layout}}`, and pages that fill the blocks of the layout
    (`{{<layout}}{{$content}}…{{/content}}{{/layout}}`). `pingate check-config` tells each mistake with its file and line.

    This file is made of the program's own tables (`PINGATE_WRITE=1 swift test --filter FlowTests`).

    ## Words

    What a page says comes from the program's catalog, by name: `{{words.pin.label}}`. Write something else in its place and the page
    says that; templates with words of their own are as good as any. Words with arguments in braces are filled by themselves. Where an argument
    is to have markup, it is a block of the words:

        {{<words.choice.lead}}{{$number}}<strong>{{number}}</strong>{{/number}}{{/words.choice.lead}}

    | name | says |
    |---|---|
    \(words.sorted().joined(separator: "\n"))

    Messages, titles, times and countries have no names here: they come with the variables.

    ## Variables

    Those of the layout are on every page.

    | template | variables |
    |---|---|
    \(variables.joined(separator: "\n"))

    A script must be the same in every answer, for it is admitted by its hash: it gets its words from attributes, as the one of
    `pin.mustache` gets `data-after` and `data-now`.

    """
}
