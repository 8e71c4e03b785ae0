internal import Encoding

/// A page's inline scripts. The page's header admits each one by the digest of its text (CSP level 3, section 2.3.1), so whoever
/// edits a script need not think of that, and nothing that a visitor typed ever runs as one.
struct InlineScripts: Sendable, Hashable {
  let texts: [String]

  /// - Parameter rendered: a page as the template engine made it, with the markers of placeholders in it.
  init(in rendered: String) {
    var texts: [String] = []
    var rest = Array(rendered.utf8)[...]
    while let start = Self.firstIndex(of: "<script", in: rest),
      let head = rest[start...].firstIndex(of: UInt8(ascii: ">")),
      let end = Self.firstIndex(of: "</script", in: rest[(head + 1)...])
    {
      let text = rest[(head + 1)..<end]
      // A script that is fetched has no text of its own.
      if !text.isEmpty { texts.append(Self.asParsed(String(decoding: text, as: UTF8.self))) }
      rest = rest[end...].dropFirst()
    }
    self.texts = texts
  }

  /// Whether a script would differ from one answer to the next.
  var havePlaceholders: Bool { texts.contains { $0.unicodeScalars.contains(Placeholder.opening) } }

  /// Browsers read every line break as a line feed (HTML standard, section 13.2.3.5), and hash the result.
  private static func asParsed(_ text: String) -> String {
    var parsed = String.UnicodeScalarView()
    var last: Unicode.Scalar?
    for scalar in text.unicodeScalars {
      if !(scalar == "\n" && last == "\r") { parsed.append(scalar == "\r" ? "\n" : scalar) }
      last = scalar
    }
    return String(parsed)
  }

  /// - Parameter word: in lower-case ASCII; capitals are found, too.
  private static func firstIndex(of word: StaticString, in text: ArraySlice<UInt8>) -> Int? {
    let word = Array("\(word)".utf8)
    return text.indices.first { index in
      text[index] == word[0] && text[index...].count >= word.count
        && zip(text[index...], word).allSatisfy { $0.lowercased == $1 }
    }
  }
}
