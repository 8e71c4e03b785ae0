internal import Verification

/// Seals what a page showed into the query of its address, and opens it again: nobody who reads an address, in a log or
/// over a shoulder, learns a number from it, and nobody makes a page of their own.
package struct PageViewSeal: Sendable {
  private let seal: Seal

  package init(_ keyring: Keyring, site: String) {
    seal = Seal(keyring, for: .pageView, site: site, version: 1, longestText: Self.longestText)
  }

  /// Twice what the longest page without a long number needs; browsers and web servers take addresses of 4 KiB and more.
  package static let longestText = 1_400

  /// - Returns: nil when the page does not fit into an address, or cannot be sealed: then it is answered as it is.
  package func seal(_ view: PageView) -> String? {
    guard let bytes = Self.encode(view), let text = try? seal.seal(bytes), text.utf8.count <= Self.longestText
    else { return nil }
    return text
  }

  /// What was sealed in a text, or nil when it is not one of ours, whatever the reason: none is told to anybody.
  package func open(_ text: String) -> PageView? {
    seal.open(text).flatMap(Self.decode)
  }

  /// Each is a byte with its name, two with its length, and that many of its own. Unknown ones are passed over, so that
  /// a new one is no new version. Never change a name.
  private enum Field: UInt8 {
    case code = 1
    case reference = 2
    case browserTag = 3
    case endsAt = 4
    case token = 5
    case waitEndsAt = 6
    case triesLeft = 7
    case number = 8
    case form = 9
    case bareTag = 10
    case channel = 11
  }

  private static func encode(_ view: PageView) -> [UInt8]? {
    guard view.number.utf8.count <= PageView.longestNumber, let token = Base64URL.decode(view.token),
      let form = Base64URL.decode(view.form)
    else { return nil }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(512)
    func add(_ field: Field, _ content: some Collection<UInt8>) {
      guard !content.isEmpty else { return }
      bytes += [field.rawValue, UInt8(content.count >> 8), UInt8(content.count & 0xFF)]
      bytes += content
    }
    add(.code, view.code.utf8)
    add(.reference, view.reference.utf8)
    add(.browserTag, view.browserTag)
    add(.bareTag, view.bareTag)
    add(.endsAt, eight(view.endsAt))
    add(.token, token)
    add(.waitEndsAt, view.waitEndsAt.map { eight($0) } ?? [])
    add(.triesLeft, view.triesLeft.map { [UInt8(clamping: $0)] } ?? [])
    add(.channel, (view.channel?.rawValue ?? "").utf8)
    add(.number, view.number.utf8)
    add(.form, form)
    return bytes
  }

  private static func decode(_ bytes: [UInt8]) -> PageView? {
    var fields: [Field: ArraySlice<UInt8>] = [:]
    var rest = bytes[...]
    while let name = rest.popFirst() {
      guard let high = rest.popFirst(), let low = rest.popFirst() else { return nil }
      let length = Int(high) << 8 | Int(low)
      guard rest.count >= length else { return nil }
      if let field = Field(rawValue: name) { fields[field] = rest.prefix(length) }
      rest = rest.dropFirst(length)
    }
    func text(_ field: Field) -> String? { String(validating: fields[field] ?? [], as: UTF8.self) }
    guard let code = text(.code), let reference = text(.reference), let number = text(.number),
      let tag = fields[.browserTag], tag.count == BrowserCookie.tagLength,
      let bareTag = fields[.bareTag], bareTag.count == BrowserCookie.tagLength,
      let endsAt = fields[.endsAt].flatMap(time)
    else { return nil }
    return PageView(
      code: code, reference: reference, browserTag: Array(tag), bareTag: Array(bareTag), endsAt: endsAt,
      token: Base64URL.encode(Array(fields[.token] ?? [])), waitEndsAt: fields[.waitEndsAt].flatMap(time),
      triesLeft: fields[.triesLeft]?.first.map(Int.init), channel: text(.channel).flatMap(Channel.init), number: number,
      form: Base64URL.encode(Array(fields[.form] ?? [])))
  }

  private static func eight(_ time: Timestamp) -> [UInt8] {
    UInt64(bitPattern: time.secondsSinceEpoch).bigEndianBytes
  }

  private static func time(_ bytes: ArraySlice<UInt8>) -> Timestamp? {
    guard bytes.count == 8 else { return nil }
    return Timestamp(secondsSinceEpoch: Int64(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }))
  }
}
