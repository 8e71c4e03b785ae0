/// Reads the Mustache tags of a template and finds the mistakes that the template engine renders as nothing at all:
/// names that nobody sets, partials that do not exist, templates that include each other in a circle.
///
/// What PinGate's pages have no use for is refused: other delimiters, functions, names of partials that are variables.
struct TemplateTags: Sendable {
  private(set) var problems: [PagesFailure.Problem] = []
  /// The templates that this one includes, with the lines.
  private(set) var includes: [TemplateName: Int] = [:]

  private let source: TemplateSource
  private var open: [(name: String, line: Int, isBlock: Bool)] = []

  init(of source: TemplateSource) {
    self.source = source
    var scanner = TemplateScanner(source.text)
    var (line, seen) = (1, 0)
    do throws(Template.Failure) {
      while let tag = try scanner.next() {
        line += scanner.lineEnds(in: seen..<tag.range.lowerBound)
        seen = tag.range.lowerBound
        read(tag, line)
      }
    } catch {
      report(error.reason, error.line)
      return
    }
    for section in open {
      report("the section “\(section.name)” is not closed with “{{/\(section.name)}}”", section.line)
    }
    if source.text.unicodeScalars.contains(where: { $0 == Placeholder.opening || $0 == Placeholder.closing }) {
      report("it has a character that PinGate keeps for itself (U+10FFF0 or U+10FFF1); remove it", 1)
    }
  }

  private mutating func read(_ tag: TemplateScanner.Tag, _ line: Int) {
    let name = tag.name
    switch tag.kind {
    case .comment: break
    case .delimiters, .setting:
      report("PinGate’s templates cannot change delimiters or settings; remove this tag", line)
    case .close: close(name, line)
    case .partial: include(name, line)
    case .parent:
      include(name, line)
      open.append((name, line, isBlock: false))
    case .block:
      if let outer = open.first(where: \.isBlock) {
        report("the block “\(name)” stands in the block “\(outer.name)” of line \(outer.line); take it out", line)
      }
      open.append((name, line, isBlock: true))
    case .section, .inverted:
      checkVariable(name, line)
      open.append((name, line, isBlock: false))
    case .variable, .unescaped, .tripleBraces: checkVariable(name, line)
    }
  }

  private mutating func close(_ name: String, _ line: Int) {
    guard let section = open.popLast() else {
      return report("“{{/\(name)}}” closes a section that was not opened", line)
    }
    if section.name != name {
      report("“{{/\(name)}}” closes the section “\(section.name)” of line \(section.line)", line)
    }
  }

  private mutating func include(_ name: String, _ line: Int) {
    guard let template = TemplateName(rawValue: name) else {
      return report("there is no template “\(name)”", line)
    }
    includes[template] = line
  }

  private mutating func checkVariable(_ name: String, _ line: Int) {
    guard !source.name.variables.contains(name) else { return }
    let known = source.name.variables.filter { $0 != "." }.sorted().joined(separator: ", ")
    report("there is no variable “\(name)” here; there are: \(known)", line)
  }

  private mutating func report(_ advice: String, _ line: Int) {
    problems.append(source.problem(advice, line: line))
  }
}
