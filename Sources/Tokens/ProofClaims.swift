internal import Encoding
internal import Verification

/// The claims of one site's proofs as JSON, in exactly one spelling: these members in this order, without whitespace or escapes.
/// Anything spelled differently was not written here.
struct ProofClaims: Sendable {
  /// `{"iss":"…","aud":"…","sub":"`, the same for all of them.
  private let beginning: [UInt8]

  /// - Parameters: texts that need no escaping in JSON (`isPlain`).
  init(issuer: String, audience: String) {
    precondition(Self.isPlain(issuer) && Self.isPlain(audience), "names that would need escapes")
    beginning = Array(#"{"iss":"\#(issuer)","aud":"\#(audience)","sub":""#.utf8)
  }

  /// Whether a text is printable ASCII without quotes, backslashes, and spaces.
  static func isPlain(_ text: String) -> Bool {
    !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x22 && $0 != 0x5C }
  }

  /// The length of claims in bytes.
  ///
  /// - Parameters:
  ///   - subject: the subject's length in characters.
  ///   - purpose: the purpose's length in characters; 0 for none.
  func length(subject: Int, purpose: Int, hasPassword: Bool) -> Int {
    let times = #"","iat":,"exp":,"auth_time":,"jti":"","amr":}"#.utf8.count + 3 * Self.usualTimeLength + Proof.idLength
    let methods = Self.text(Proof.Methods(.text, hasPassword: hasPassword)).utf8.count
    let purposeClaim = purpose == 0 ? 0 : #","purpose":"""#.utf8.count + purpose
    return beginning.count + subject + times + methods + purposeClaim
  }

  /// Up to the year 2286.
  private static let usualTimeLength = 10

  func write(_ proof: Proof) -> [UInt8] {
    var text = #"\#(proof.subject)","iat":\#(proof.issuedAt.secondsSinceEpoch),"#
    text += #""exp":\#(proof.expiresAt.secondsSinceEpoch),"#
    text += #""auth_time":\#(proof.authenticatedAt.secondsSinceEpoch),"jti":"\#(proof.id)","amr":"#
    text += Self.text(proof.methods)
    if !proof.purpose.isEmpty { text += #","purpose":"\#(proof.purpose)""# }
    return beginning + text.utf8 + [UInt8(ascii: "}")]
  }

  /// - Returns: nil for anything that `write` does not produce.
  func read(_ text: [UInt8]) -> Proof? {
    guard text.starts(with: beginning) else { return nil }
    var rest = text[beginning.count...]
    let subject = Self.take(&rest, while: Proof.isSubjectByte)
    guard Self.takes(&rest, #"","iat":"#), let issuedAt = Self.takeTime(&rest), Self.takes(&rest, #","exp":"#),
      let expiresAt = Self.takeTime(&rest), Self.takes(&rest, #","auth_time":"#),
      let authenticatedAt = Self.takeTime(&rest), Self.takes(&rest, #","jti":""#)
    else { return nil }
    let id = Self.take(&rest) { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
    guard id.utf8.count == Proof.idLength, Self.takes(&rest, #"","amr":"#),
      let methods = Proof.Methods.all.first(where: { Self.takes(&rest, Self.text($0)) })
    else { return nil }
    var purpose = ""
    if Self.takes(&rest, #","purpose":""#) {
      purpose = Self.take(&rest, while: Proof.isPurposeByte)
      guard Proof.isPurpose(purpose), Self.takes(&rest, "\"") else { return nil }
    }
    guard Self.takes(&rest, "}"), rest.isEmpty, Proof.isSubject(subject), authenticatedAt <= issuedAt,
      issuedAt < expiresAt
    else { return nil }
    return Proof(
      subject: subject, issuedAt: issuedAt, expiresAt: expiresAt, authenticatedAt: authenticatedAt, id: id,
      methods: methods, purpose: purpose)
  }

  private static func text(_ methods: Proof.Methods) -> String {
    "[" + methods.names.map { "\"\($0)\"" }.joined(separator: ",") + "]"
  }

  private static func takes(_ rest: inout ArraySlice<UInt8>, _ text: String) -> Bool {
    guard rest.starts(with: text.utf8) else { return false }
    rest = rest.dropFirst(text.utf8.count)
    return true
  }

  private static func take(_ rest: inout ArraySlice<UInt8>, while isTaken: (UInt8) -> Bool) -> String {
    let taken = rest.prefix(while: isTaken)
    rest = rest[taken.endIndex...]
    return String(decoding: taken, as: UTF8.self)
  }

  /// Seconds since 1970, up to the year 2286: without leading zeros, and with so few digits that no sum overflows.
  private static func takeTime(_ rest: inout ArraySlice<UInt8>) -> Timestamp? {
    let digits = rest.prefix(while: \.isDigit)
    guard (1...11).contains(digits.count), digits.first != UInt8(ascii: "0") else { return nil }
    rest = rest[digits.endIndex...]
    return Timestamp(secondsSinceEpoch: digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) })
  }
}
