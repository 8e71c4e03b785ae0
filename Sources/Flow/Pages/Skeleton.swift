/// A rendered page with holes: pieces of finished HTML, and between them the places for a visitor's own texts.
///
/// Templates are rendered once, when the program starts; a request only joins pieces. What goes into a hole is escaped
/// here and byte by byte, and never by the template engine, which escapes by grapheme: it takes `"` and a combining
/// accent after it for one harmless character, and lets both through.
struct Skeleton: Sendable {
  private enum Piece: Sendable {
    case html([UInt8])
    case hole(Hole)
  }

  private let pieces: [Piece]
  private let length: Int

  /// - Parameters:
  ///   - rendered: what the template engine made, with the markers of holes in it.
  ///   - fixed: texts of the holes that are the same in every answer.
  init(rendered: String, fixed: [Hole: String]) {
    var pieces: [Piece] = []
    var html: [UInt8] = []
    var rest = Array(rendered.utf8)[...]
    let opening = Array(String(Hole.opening).utf8)
    let markerLength = opening.count + 1 + String(Hole.closing).utf8.count
    while let byte = rest.first {
      guard byte == opening[0], rest.starts(with: opening), rest.count >= markerLength,
        let hole = Hole(rawValue: rest[rest.startIndex + opening.count] &- Hole.firstLetter)
      else {
        html.append(byte)
        rest.removeFirst()
        continue
      }
      rest.removeFirst(markerLength)
      if let text = fixed[hole] {
        Self.append(text, to: &html)
      } else {
        pieces += [.html(html), .hole(hole)]
        html = []
      }
    }
    pieces.append(.html(html))
    self.pieces = pieces
    length = pieces.reduce(0) { sum, piece in
      switch piece {
      case .html(let html): sum + html.count
      case .hole: sum
      }
    }
  }

  func filled(with texts: HoleTexts) -> [UInt8] {
    var page: [UInt8] = []
    page.reserveCapacity(length + 1_024)
    for piece in pieces {
      switch piece {
      case .html(let html): page += html
      case .hole(let hole): Self.append(texts[hole], to: &page)
      }
    }
    return page
  }

  /// Appends text so that HTML takes it for text, in an element's content and in a quoted attribute (HTML standard,
  /// section 13.3, and the apostrophe).
  private static func append(_ text: String, to html: inout [UInt8]) {
    // Nearly every text, and the sealed ones are long.
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
