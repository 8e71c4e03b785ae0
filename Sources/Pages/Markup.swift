/// The start and end tags of a page, read in a simple way that suffices to find its forms and fields.
struct Markup: Sendable {
  struct Tag: Sendable {
    let name: String
    let isEnd: Bool
    let attributes: [String: String]
  }

  let tags: [Tag]

  init(_ html: String) {
    var tags: [Tag] = []
    var rest = Array(html.unicodeScalars)[...]
    while let start = rest.firstIndex(of: "<") {
      rest = rest[(start + 1)...]
      if rest.starts(with: "!--".unicodeScalars) {
        rest = Self.afterComment(rest)
      } else if let tag = Self.readTag(&rest) {
        tags.append(tag)
      }
    }
    self.tags = tags
  }

  /// The start tags inside the first `form` with this action and the method POST; nil if there is no such form.
  func fields(ofFormFor action: String) -> [Tag]? {
    let start = tags.firstIndex {
      $0.name == "form" && $0.attributes["action"] == action && $0.attributes["method"]?.lowercased() == "post"
    }
    guard let start else { return nil }
    return tags[(start + 1)...].prefix { $0.name != "form" }.filter { !$0.isEnd }
  }

  private static func afterComment(_ rest: ArraySlice<Unicode.Scalar>) -> ArraySlice<Unicode.Scalar> {
    var rest = rest
    let end = Array("-->".unicodeScalars)
    while !rest.isEmpty, !rest.starts(with: end) { rest.removeFirst() }
    return rest.dropFirst(end.count)
  }

  /// Reads what follows "<"; nil if it is not a tag.
  private static func readTag(_ rest: inout ArraySlice<Unicode.Scalar>) -> Tag? {
    let isEnd = rest.first == "/"
    if isEnd { rest.removeFirst() }
    guard rest.first?.properties.isAlphabetic == true else { return nil }
    let name = take(&rest) { !isBlank($0) && $0 != ">" && $0 != "/" }
    var attributes: [String: String] = [:]
    while true {
      _ = take(&rest) { isBlank($0) || $0 == "/" }
      guard let next = rest.first, next != ">" else { break }
      let attribute = take(&rest) { !isBlank($0) && $0 != "=" && $0 != ">" && $0 != "/" }
      guard rest.first == "=" else {
        attributes[attribute.lowercased()] = ""
        if attribute.isEmpty { rest.removeFirst() }
        continue
      }
      rest.removeFirst()
      attributes[attribute.lowercased()] = readValue(&rest)
    }
    return Tag(name: name.lowercased(), isEnd: isEnd, attributes: attributes)
  }

  private static func readValue(_ rest: inout ArraySlice<Unicode.Scalar>) -> String {
    guard let quote = rest.first, quote == "\"" || quote == "'" else {
      return take(&rest) { !isBlank($0) && $0 != ">" }
    }
    rest.removeFirst()
    let value = take(&rest) { $0 != quote }
    _ = rest.popFirst()
    return value
  }

  private static func take(
    _ rest: inout ArraySlice<Unicode.Scalar>, while belongs: (Unicode.Scalar) -> Bool
  ) -> String {
    let taken = rest.prefix(while: belongs)
    rest = rest[taken.endIndex...]
    var text = String.UnicodeScalarView()
    text.append(contentsOf: taken)
    return String(text)
  }

  private static func isBlank(_ scalar: Unicode.Scalar) -> Bool {
    scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" || scalar == "\u{0C}"
  }
}
