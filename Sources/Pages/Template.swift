internal import Encoding

/// A Mustache template (mustache(5)), as far as PinGate's pages use the language: variables, sections, inverted sections, comments,
/// partials, and templates that fill the blocks of another one.
///
/// It is our own implementation because the library needs all of Foundation and takes a third of a CGI program's time.
struct Template: Sendable {
  indirect enum Node: Sendable {
    case text([UInt8])
    case variable(String, isEscaped: Bool)
    case section(String, [Node], isInverted: Bool)
    case partial(String, indentation: [UInt8])
    /// Another template, and what fills its blocks.
    case parent(String, blocks: [String: [Node]])
    /// A block, which a template with this one as its parent can fill, and its default content.
    case block(String, [Node])
  }

  /// Why a text is not a template.
  struct Failure: Error {
    let reason: String
    let line: Int
  }

  let nodes: [Node]

  init(nodes: [Node]) {
    self.nodes = nodes
  }

  init(_ text: String) throws(Failure) {
    var parser = TemplateParser(text)
    nodes = try parser.parse()
  }

  /// Renders the template with a name.
  ///
  /// - Parameters:
  ///   - values: the values of the names in the template. A name without a value renders as nothing.
  ///   - library: all templates that it may include, by name; none includes itself.
  ///   - words: the words for the names of words.
  static func rendered(
    _ name: String, _ values: [String: TemplateValue], in library: [String: Template], _ words: Catalog
  ) -> String {
    var rendering = TemplateRendering(library: library, words: words, context: [.record(values)])
    rendering.include(name)
    return String(decoding: rendering.page, as: UTF8.self)
  }
}

/// The value of a name in a template.
enum TemplateValue: Sendable {
  case text(String)
  case flag(Bool)
  case list([TemplateValue])
  case record([String: TemplateValue])

  /// Whether a section of it is rendered.
  fileprivate var isTrue: Bool {
    switch self {
    case .flag(let flag): flag
    case .list(let values): !values.isEmpty
    case .text, .record: true
    }
  }
}

private struct TemplateRendering {
  let library: [String: Template]
  let words: Catalog
  /// The innermost value last.
  var context: [TemplateValue]
  /// The content for the blocks of the templates that are being included, that of the outermost template first: it wins.
  var blocks: [[String: [Template.Node]]] = []
  var page: [UInt8] = []

  mutating func include(_ name: String) {
    if !renderWords(name), let template = library[name] { render(template.nodes) }
  }

  private mutating func render(_ nodes: [Template.Node]) {
    for node in nodes {
      switch node {
      case .text(let text): page += text
      case .variable(let name, let isEscaped):
        if case .text(let text) = value(of: name) {
          append(text, isEscaped: isEscaped)
        } else {
          renderWords(name)
        }
      case .section(let name, let nodes, let isInverted): renderSection(value(of: name), nodes, isInverted)
      case .partial(let name, let indentation): include(name, indentation)
      case .parent(let name, let blocks):
        if renderWords(name, blocks) { break }
        self.blocks.append(blocks)
        include(name)
        self.blocks.removeLast()
      case .block(let name, let nodes): render(blocks.lazy.compactMap { $0[name] }.first ?? nodes)
      }
    }
  }

  /// - Parameter arguments: markup around the arguments. A page's own blocks do not count, even if they have the same names.
  /// - Returns: whether the name is that of words.
  @discardableResult
  private mutating func renderWords(_ name: String, _ arguments: [String: [Template.Node]] = [:]) -> Bool {
    guard let label = words.template(name) else { return false }
    let outer = blocks
    blocks = [arguments]
    render(label.nodes)
    blocks = outer
    return true
  }

  private mutating func renderSection(_ value: TemplateValue?, _ nodes: [Template.Node], _ isInverted: Bool) {
    guard value?.isTrue == true, let value else {
      if isInverted { render(nodes) }
      return
    }
    if isInverted { return }
    let values = if case .list(let values) = value { values } else { [value] }
    for value in values {
      context.append(value)
      render(nodes)
      context.removeLast()
    }
  }

  /// Indents each line of a partial like its tag.
  private mutating func include(_ name: String, _ indentation: [UInt8]) {
    let start = page.count
    include(name)
    guard !indentation.isEmpty, page.count > start else { return }
    let lines = page[start...].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
    let indented = lines.map { $0.isEmpty ? [] : indentation + $0 }.joined(separator: [UInt8(ascii: "\n")])
    page.replaceSubrange(start..., with: Array(indented))
  }

  private func value(of name: String) -> TemplateValue? {
    if name == "." { return context.last }
    for case .record(let values) in context.reversed() {
      if let value = values[name] { return value }
    }
    return nil
  }

  private mutating func append(_ text: String, isEscaped: Bool) {
    if isEscaped { CompiledPage.append(text, to: &page) } else { page += text.utf8 }
  }
}

private struct TemplateParser {
  /// An open tag, and its content so far.
  private struct Frame {
    let kind: TemplateScanner.Tag.Kind
    let name: String
    let start: Int
    var nodes: [Template.Node] = []
  }

  private var scanner: TemplateScanner
  private let bytes: [UInt8]
  private var position = 0
  private var frames: [Frame] = []
  private var nodes: [Template.Node] = []

  init(_ text: String) {
    scanner = TemplateScanner(text)
    bytes = scanner.bytes
  }

  mutating func parse() throws(Template.Failure) -> [Template.Node] {
    while let tag = try scanner.next() {
      let line = wholeLine(of: tag)
      appendText(upTo: line?.lowerBound ?? tag.range.lowerBound)
      let indentation = line.map { Array(bytes[$0.lowerBound..<tag.range.lowerBound]) } ?? []
      position = line?.upperBound ?? tag.range.upperBound
      try take(tag, indentation)
    }
    appendText(upTo: bytes.count)
    if let frame = frames.last { throw failure("“\(frame.name)” is not closed", at: frame.start) }
    return nodes
  }

  private mutating func take(_ tag: TemplateScanner.Tag, _ indentation: [UInt8]) throws(Template.Failure) {
    switch tag.kind {
    case .variable: nodes.append(.variable(tag.name, isEscaped: true))
    case .unescaped, .tripleBraces: nodes.append(.variable(tag.name, isEscaped: false))
    case .comment: break
    case .delimiters, .setting: throw failure("delimiters and settings cannot be changed", at: tag.range.lowerBound)
    case .partial: nodes.append(.partial(tag.name, indentation: indentation))
    case .close: try close(tag)
    case .section, .inverted, .block, .parent:
      frames.append(Frame(kind: tag.kind, name: tag.name, start: tag.range.lowerBound, nodes: nodes))
      nodes = []
    }
  }

  private mutating func close(_ tag: TemplateScanner.Tag) throws(Template.Failure) {
    guard let frame = frames.popLast(), frame.name == tag.name else {
      throw failure("“{{/\(tag.name)}}” closes nothing", at: tag.range.lowerBound)
    }
    let inside = nodes
    nodes = frame.nodes
    let node: Template.Node =
      switch frame.kind {
      case .section: .section(frame.name, inside, isInverted: false)
      case .inverted: .section(frame.name, inside, isInverted: true)
      case .block: .block(frame.name, inside)
      default: .parent(frame.name, blocks: Self.blocks(in: inside))
      }
    nodes.append(node)
  }

  /// Anything else there renders as nothing.
  private static func blocks(in nodes: [Template.Node]) -> [String: [Template.Node]] {
    nodes.reduce(into: [:]) { blocks, node in
      if case .block(let name, let nodes) = node { blocks[name] = nodes }
    }
  }

  /// The line of a tag with nothing else on it, which leaves no line behind (the specification's "standalone" tags). A variable's
  /// does.
  private func wholeLine(of tag: TemplateScanner.Tag) -> Range<Int>? {
    switch tag.kind {
    case .variable, .unescaped, .tripleBraces: return nil
    default: break
    }
    var first = tag.range.lowerBound
    while first > position, Self.isSpace(bytes[first - 1]) { first -= 1 }
    guard first == 0 || bytes[first - 1] == UInt8(ascii: "\n") else { return nil }
    var last = tag.range.upperBound
    while last < bytes.count, Self.isSpace(bytes[last]) { last += 1 }
    guard last < bytes.count else { return first..<last }
    return bytes[last] == UInt8(ascii: "\n") ? first..<(last + 1) : nil
  }

  private mutating func appendText(upTo end: Int) {
    if position < end { nodes.append(.text(Array(bytes[position..<end]))) }
    position = end
  }

  private func failure(_ reason: String, at index: Int) -> Template.Failure {
    Template.Failure(reason: reason, line: scanner.line(of: index))
  }

  private static func isSpace(_ byte: UInt8) -> Bool { byte.isBlank || byte == UInt8(ascii: "\r") }
}
