internal import Crypto
internal import Encoding
internal import Verification

@testable internal import Tokens

extension FuzzTarget {
  /// Texts in hidden fields, cookies and addresses: what was not sealed here does not open, and a sealed text that was changed
  /// does not either. And the fields inside, should somebody have the key: what is read of them, written again, is the same.
  static let token = FuzzTarget(name: "token") { input in
    let text = input.text
    try require(attempts.open(text) == nil, "a pending attempt that was not sealed")
    try require(forms.open(text) == nil, "a form that was not sealed")
    try require(views.open(text) == nil, "a page that was not sealed")
    try require(challenges.open(text) == nil, "a challenge that was not sealed")
    if let puzzle = WorkPuzzle(parts: 1, bits: 30) {
      try require(!puzzle.isSolved(by: text, of: "challenge"), "work that nobody has done")
    }
    if let bytes = Base64URL.decode(text) {
      try require(Base64URL.encode(bytes).utf8.elementsEqual(text.utf8), "two texts for the same bytes")
    }
    try requireUnforgeable(input)

    guard let fields = FieldReader(input) else { return }
    try requireSame(PendingAttempt(fields))
    try requireSame(FormToken(fields))
    try requireSame(PageView(fields))
    try requireSame(EntryTicket(fields))
    try requireSame(ChallengeToken(fields))
    try requireSame(ShownForm(fields))
  }

  private static let keyring: Keyring = {
    guard let keyring = Keyring([SymmetricKey(data: [UInt8](repeating: 7, count: 32))]) else {
      preconditionFailure("a key")
    }
    return keyring
  }()
  private static let attempts = TokenSeal<PendingAttempt>(keyring, site: "fuzz")
  private static let forms = TokenSeal<FormToken>(keyring, site: "fuzz")
  private static let challenges = TokenSeal<ChallengeToken>(keyring, site: "fuzz")
  private static let views = TokenSeal<PageView>(keyring, site: "fuzz")
  private static let sealed: [UInt8] = {
    let token = FormToken(
      browserTag: [1, 2, 3, 4, 5, 6, 7, 8], givenUp: nil, madeAt: .init(secondsSinceEpoch: 1_800_000_000))
    guard let text = forms.seal(token), let bytes = Base64URL.decode(text) else { preconditionFailure("a token") }
    return bytes
  }()

  /// A sealed text with bits flipped where the input has some, cut where it is odd.
  private static func requireUnforgeable(_ input: [UInt8]) throws {
    var forged = sealed
    for (index, byte) in input.prefix(forged.count).enumerated() { forged[index] ^= byte }
    if input.count > forged.count, input[forged.count] & 1 != 0 { forged.removeLast() }
    let opened = forms.open(Base64URL.encode(forged))
    try require((opened != nil) == (forged == sealed), "a sealed text was changed, or does not open")
  }

  private static func requireSame<Content: TokenContent & Equatable>(_ content: Content?) throws {
    guard let content else { return }
    var writer = FieldWriter()
    content.write(to: &writer)
    let fields = try require(FieldReader(writer.bytes), "what was written has no fields")
    try require(Content(fields) == content, "a content is read as another one")
  }
}
