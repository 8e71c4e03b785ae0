/// A link that contains a number, as copied by "Copy link address": `tel:` (RFC 3966), `sms:` (RFC 5724) and similar
/// schemes, and messaging apps' pages that start a chat with a number.
struct NumberLink {
  /// The number in it, as a person would type it.
  let number: String
  /// Whether links of this kind only contain international numbers, with or without `+`.
  let isInternational: Bool

  /// - Returns: nil if the text is not such a link.
  init?(_ text: String) {
    let trimmed = Self.trimmed(text)
    if let rest = Self.rest(of: trimmed, behind: Self.schemes) {
      number = Self.decoded(rest.drop { $0 == "/" }.prefix { $0 != "?" && $0 != "&" })
      isInternational = false
    } else if let rest = Self.page(trimmed) {
      number = Self.decoded(rest.prefix { !"/?&#".contains($0) })
      isInternational = true
    } else {
      return nil
    }
  }

  private static let schemes = ["tel:", "sms:", "smsto:", "mms:", "mmsto:", "callto:"]
  private static let webSchemes = ["https://", "http://"]
  private static let pages = [
    "wa.me/", "api.whatsapp.com/send?phone=", "api.whatsapp.com/send/?phone=", "signal.me/#p/",
  ]

  private static func page(_ text: Substring) -> Substring? {
    var page = rest(of: text, behind: webSchemes) ?? text
    page = rest(of: page, behind: ["www."]) ?? page
    return rest(of: page, behind: pages)
  }

  /// What follows one of the beginnings, ignoring case.
  private static func rest(of text: Substring, behind beginnings: [String]) -> Substring? {
    for beginning in beginnings where text.prefix(beginning.count).lowercased() == beginning {
      return text.dropFirst(beginning.count)
    }
    return nil
  }

  /// The text without the characters that people copy along before a link.
  private static func trimmed(_ text: String) -> Substring {
    let scalars = text.unicodeScalars
    return Substring(scalars.drop { $0 == "<" || !TypedNumber.isVisible($0) })
  }

  /// Decodes the escapes that occur in such numbers (RFC 3986, section 2.1). Others stay, and make the number
  /// unreadable.
  private static func decoded(_ text: Substring) -> String {
    let escapes = [("%2B", "+"), ("%20", " "), ("%28", "("), ("%29", ")"), ("%2D", "-")]
    return escapes.reduce(String(text)) { text, escape in
      text.replacing(escape.0, with: escape.1).replacing(escape.0.lowercased(), with: escape.1)
    }
  }
}
