/// A Mustache template (mustache(5)), as far as PinGate's pages use the language: variables, sections and inverted ones,
/// comments, partials, and templates that fill the blocks of another one.
///
/// Of our own, because the library brings the whole of Foundation with it and takes a third of a CGI program's time.
struct Template: Sendable {
  indirect enum Node: Sendable {
    case text([UInt8])
    case variable(String, isEscaped: Bool)
    case section(String, [Node], isInverted: Bool)
    case partial(String, indentation: [UInt8])
    /// Another template, with what is to stand in its blocks.
    case parent(String, blocks: [String: [Node]])
    /// A place that a template fills which has this one for its parent, and what stands there otherwise.
    case block(String, [Node])
  }

  /// Why a text is no template.
  struct Failure: Error {
    let reason: String
    let line: Int
  }

  fileprivate let nodes: [Node]

  init(_ text: String) throws(Failure) {
    var parser = TemplateParser(text)
    nodes = try parser.parse()
  }

  /// Makes a page of the template with this name.
  ///
  /// - Parameters:
  ///   - values: by the names that stand in the template. A name without one renders as nothing.
  ///   - library: all templates that it may include, by name; none includes itself.
  static func rendered(_ name: String, _ values: [String: TemplateValue], in library: [String: Template]) -> String {
    var rendering = TemplateRendering(library: library, context: [.record(values)])
    rendering.include(name)
    return String(decoding: rendering.page, as: UTF8.self)
  }
}

/// What a name in a template stands for.
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
  /// The innermost value last.
  var context: [TemplateValue]
  /// What the blocks of the templates that are being included hold, the outermost template first: it decides.
  var blocks: [[String: [Template.Node]]] = []
  var page: [UInt8] = []

  mutating func include(_ name: String) {
    if let template = library[name] { render(template.nodes) }
  }

  private mutating func render(_ nodes: [Template.Node]) {
    for node in nodes {
      switch node {
      case .text(let text): page += text
      case .variable(let name, let isEscaped):
        if case .text(let text) = value(of: name) { append(text, isEscaped: isEscaped) }
      case .section(let name, let nodes, let isInverted): renderSection(value(of: name), nodes, isInverted)
      case .partial(let name, let indentation): include(name, indentation)
      case .parent(let name, let blocks):
        self.blocks.append(blocks)
        include(name)
        self.blocks.removeLast()
      case .block(let name, let nodes): render(blocks.lazy.compactMap { $0[name] }.first ?? nodes)
      }
    }
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

  /// Puts the indentation of a partial's tag before each line of it.
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
  /// A tag that was opened, and what stands in it so far.
  private struct Frame {
    let sigil: UInt8
    let name: String
    let line: Int
    var nodes: [Template.Node] = []
  }

  private struct Tag {
    /// Its first character; nil for a variable.
    let sigil: UInt8?
    let name: String
    let end: Int
  }

  private static let opening = Array("{{".utf8)
  private let bytes: [UInt8]
  private var position = 0
  private var frames: [Frame] = []
  private var nodes: [Template.Node] = []

  init(_ text: String) {
    bytes = Array(text.utf8)
  }

  mutating func parse() throws(Template.Failure) -> [Template.Node] {
    while let start = index(of: Self.opening, from: position) {
      let tag = try tag(at: start)
      let line = tag.sigil == nil || tag.sigil == UInt8(ascii: "&") ? nil : wholeLine(start, tag.end)
      appendText(upTo: line?.lowerBound ?? start)
      let indentation = line.map { Array(bytes[$0.lowerBound..<start]) } ?? []
      position = line?.upperBound ?? tag.end
      try take(tag, indentation, start)
    }
    appendText(upTo: bytes.count)
    if let frame = frames.last { throw Template.Failure(reason: "“\(frame.name)” is not closed", line: frame.line) }
    return nodes
  }

  private mutating func take(_ tag: Tag, _ indentation: [UInt8], _ start: Int) throws(Template.Failure) {
    switch tag.sigil {
    case nil: nodes.append(.variable(tag.name, isEscaped: true))
    case UInt8(ascii: "&"), UInt8(ascii: "{"): nodes.append(.variable(tag.name, isEscaped: false))
    case UInt8(ascii: "!"): break
    case UInt8(ascii: ">"): nodes.append(.partial(tag.name, indentation: indentation))
    case UInt8(ascii: "/"): try close(tag, start)
    case let sigil?:
      frames.append(Frame(sigil: sigil, name: tag.name, line: line(of: start), nodes: nodes))
      nodes = []
    }
  }

  private mutating func close(_ tag: Tag, _ start: Int) throws(Template.Failure) {
    guard let frame = frames.popLast(), frame.name == tag.name else {
      throw Template.Failure(reason: "“{{/\(tag.name)}}” closes nothing", line: line(of: start))
    }
    let inside = nodes
    nodes = frame.nodes
    let node: Template.Node =
      switch frame.sigil {
      case UInt8(ascii: "#"): .section(frame.name, inside, isInverted: false)
      case UInt8(ascii: "^"): .section(frame.name, inside, isInverted: true)
      case UInt8(ascii: "$"): .block(frame.name, inside)
      default: .parent(frame.name, blocks: Self.blocks(in: inside))
      }
    nodes.append(node)
  }

  /// Whatever else stands there is nothing.
  private static func blocks(in nodes: [Template.Node]) -> [String: [Template.Node]] {
    nodes.reduce(into: [:]) { blocks, node in
      if case .block(let name, let nodes) = node { blocks[name] = nodes }
    }
  }

  private func tag(at start: Int) throws(Template.Failure) -> Tag {
    let first = start + 2
    let isTriple = first < bytes.count && bytes[first] == UInt8(ascii: "{")
    guard let end = index(of: Array((isTriple ? "}}}" : "}}").utf8), from: first) else {
      throw Template.Failure(reason: "a tag is not closed", line: line(of: start))
    }
    let hasSigil = first < end && "#^/!{&><$".utf8.contains(bytes[first])
    let name = bytes[(hasSigil ? first + 1 : first)..<end].filter { !Self.isSpace($0) && $0 != UInt8(ascii: "\n") }
    return Tag(
      sigil: hasSigil ? bytes[first] : nil, name: String(decoding: name, as: UTF8.self), end: end + (isTriple ? 3 : 2))
  }

  /// The line of a tag that has nothing else on it: it leaves none behind (the specification's "standalone" tags).
  private func wholeLine(_ start: Int, _ end: Int) -> Range<Int>? {
    var first = start
    while first > position, Self.isSpace(bytes[first - 1]) { first -= 1 }
    guard first == 0 || bytes[first - 1] == UInt8(ascii: "\n") else { return nil }
    var last = end
    while last < bytes.count, Self.isSpace(bytes[last]) { last += 1 }
    guard last < bytes.count else { return first..<last }
    return bytes[last] == UInt8(ascii: "\n") ? first..<(last + 1) : nil
  }

  private mutating func appendText(upTo end: Int) {
    if position < end { nodes.append(.text(Array(bytes[position..<end]))) }
    position = end
  }

  private func index(of word: [UInt8], from start: Int) -> Int? {
    guard bytes.count >= word.count else { return nil }
    var index = start
    while index <= bytes.count - word.count {
      if bytes[index] == word[0], bytes[index...].starts(with: word) { return index }
      index += 1
    }
    return nil
  }

  private func line(of index: Int) -> Int {
    1 + bytes[..<index].count { $0 == UInt8(ascii: "\n") }
  }

  private static func isSpace(_ byte: UInt8) -> Bool {
    byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") || byte == UInt8(ascii: "\r")
  }
}
