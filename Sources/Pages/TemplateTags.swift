/// Reads the Mustache tags of a template and finds the mistakes that rendering would pass over: names that nobody sets, partials that
/// do not exist, templates that include each other in a circle.
///
/// Whatever PinGate's pages have no use for is refused: other delimiters, functions, dynamic names of partials. Words (`LabelKey`) can
/// have markup around their arguments, but nothing that could contain words again.
struct TemplateTags: Sendable {
  private(set) var problems: [PagesFailure.Problem] = []
  /// The templates that this one includes, with the lines.
  private(set) var includes: [TemplateName: Int] = [:]

  private let source: TemplateSource
  private var open: [(name: String, line: Int, kind: TemplateScanner.Tag.Kind)] = []

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
    if let words = openWords {
      if tag.kind == .block, open.last?.kind == .parent {
        checkArgument(name, of: words.key, line)
        return open.append((name, line, tag.kind))
      }
      if isOutOfPlaceInWords(tag) {
        report("“\(name)” cannot stand in “\(words.key.templateName)” of line \(words.line); take it out", line)
        if tag.kind.isClosed { open.append((name, line, tag.kind)) }
        return
      }
    }
    switch tag.kind {
    case .comment: break
    case .delimiters, .setting:
      report("PinGate’s templates cannot change delimiters or settings; remove this tag", line)
    case .close: close(name, line)
    case .partial: include(name, line)
    case .parent:
      include(name, line)
      open.append((name, line, tag.kind))
    case .block:
      if let outer = open.first(where: { $0.kind == .block }) {
        report("the block “\(name)” stands in the block “\(outer.name)” of line \(outer.line); take it out", line)
      }
      open.append((name, line, tag.kind))
    case .section, .inverted:
      checkVariable(name, line)
      open.append((name, line, tag.kind))
    case .variable, .unescaped, .tripleBraces:
      if LabelKey.isTemplateName(name) { checkWords(name, line) } else { checkVariable(name, line) }
    }
  }

  /// The words whose tag is open.
  private var openWords: (key: LabelKey, line: Int)? {
    for tag in open where tag.kind == .parent {
      if let key = LabelKey(templateName: tag.name) { return (key, tag.line) }
    }
    return nil
  }

  /// What may be around an argument: markup, and what it depends on.
  private func isOutOfPlaceInWords(_ tag: TemplateScanner.Tag) -> Bool {
    switch tag.kind {
    case .close, .comment, .delimiters, .setting: false
    case .section, .inverted, .variable, .unescaped, .tripleBraces:
      open.last?.kind == .parent || LabelKey.isTemplateName(tag.name)
    case .parent, .partial, .block: true
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
    if LabelKey.isTemplateName(name) { return checkWords(name, line) }
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

  private mutating func checkWords(_ name: String, _ line: Int) {
    guard let key = LabelKey(templateName: name) else {
      let known = LabelKey.allCases.map(\.templateName).sorted().joined(separator: ", ")
      return report("there are no words “\(name)”; there are: \(known)", line)
    }
    for argument in Self.arguments(of: key) where !source.name.variables.contains(argument) {
      report("“\(name)” needs the variable “\(argument)”, which is not here", line)
    }
  }

  private mutating func checkArgument(_ name: String, of key: LabelKey, _ line: Int) {
    let arguments = Self.arguments(of: key)
    guard !arguments.contains(name) else { return }
    report("“\(key.templateName)” has no “\(name)”; it has: \(arguments.joined(separator: ", "))", line)
  }

  /// The same in every language.
  private static func arguments(of key: LabelKey) -> [String] {
    Catalog.english.template(key.templateName)?.blockNames ?? []
  }

  private mutating func report(_ advice: String, _ line: Int) {
    problems.append(source.problem(advice, line: line))
  }
}
