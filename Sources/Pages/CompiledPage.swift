/// A rendered page with placeholders: pieces of finished HTML, and between them the places for a visitor's own texts.
///
/// Templates are rendered once; a request only joins pieces. What replaces a placeholder is escaped here, byte by byte, and never
/// by characters: `"` with a combining accent after it is one character, which would look harmless and let the quote through.
struct CompiledPage: Sendable {
  private enum Piece: Sendable {
    case html([UInt8])
    case placeholder(Placeholder)
  }

  private let pieces: [Piece]
  private let length: Int

  /// - Parameters:
  ///   - rendered: a rendered template, with the markers of placeholders in it.
  ///   - fixed: the texts of placeholders that are the same in every answer.
  init(rendered: String, fixed: [Placeholder: String]) {
    var pieces: [Piece] = []
    var html: [UInt8] = []
    var rest = Array(rendered.utf8)[...]
    let opening = Array(String(Placeholder.opening).utf8)
    let markerLength = opening.count + 1 + String(Placeholder.closing).utf8.count
    while let byte = rest.first {
      guard byte == opening[0], rest.starts(with: opening), rest.count >= markerLength,
        let placeholder = Placeholder(rawValue: rest[rest.startIndex + opening.count] &- Placeholder.firstLetter)
      else {
        html.append(byte)
        rest.removeFirst()
        continue
      }
      rest.removeFirst(markerLength)
      if let text = fixed[placeholder] {
        Self.append(text, to: &html)
      } else {
        pieces += [.html(html), .placeholder(placeholder)]
        html = []
      }
    }
    pieces.append(.html(html))
    self.pieces = pieces
    length = pieces.reduce(0) { sum, piece in
      switch piece {
      case .html(let html): sum + html.count
      case .placeholder: sum
      }
    }
  }

  func filled(with texts: PlaceholderTexts) -> [UInt8] {
    var page: [UInt8] = []
    page.reserveCapacity(length + 1_024)
    for piece in pieces {
      switch piece {
      case .html(let html): page += html
      case .placeholder(let placeholder): Self.append(texts[placeholder], to: &page)
      }
    }
    return page
  }

  /// Appends text, escaped for an element's content and for a quoted attribute (HTML standard, section 13.3, and also the
  /// apostrophe).
  static func append(_ text: String, to html: inout [UInt8]) {
    // The case of nearly every text, including the long sealed ones.
    guard hasMarkup(text) else {
      html += text.utf8
      return
    }
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): html += "&amp;".utf8
      case UInt8(ascii: "<"): html += "&lt;".utf8
      case UInt8(ascii: ">"): html += "&gt;".utf8
      case UInt8(ascii: "\""): html += "&quot;".utf8
      case UInt8(ascii: "'"): html += "&#39;".utf8
      default: html.append(byte)
      }
    }
  }

  private static func hasMarkup(_ text: String) -> Bool {
    let bytes = text.utf8Span.span
    for index in bytes.indices {
      switch bytes[index] {
      case UInt8(ascii: "&"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "\""), UInt8(ascii: "'"): return true
      default: continue
      }
    }
    return false
  }
}
