/// What can be sealed into a token.
package protocol TokenContent: Sendable {
  /// Part of the key, so that what is sealed for one purpose opens for no other.
  static var purpose: Keyring.Purpose { get }
  /// Of how its fields are written; a new field is no new version.
  static var version: UInt8 { get }
  /// No longer text is sealed, or looked at; in characters.
  static var longestToken: Int { get }

  func write(to fields: inout FieldWriter)

  /// - Returns: nil when the fields are not those of such a content.
  init?(_ fields: FieldReader)
}

/// Seals one kind of content into tokens and opens them again: the text of a hidden form field, of an address's query, or of
/// what one process leaves to another.
///
/// A visitor can neither read it, change it, nor put another's into it. That a genuine one can be sent again is for the
/// provider, and for the counters, to deal with.
package struct TokenSeal<Content: TokenContent>: Sendable {
  private let seal: Seal

  /// - Parameters:
  ///   - purpose: nil for the content's usual one.
  ///   - site: what tells this site from another one that has the same keys.
  package init(_ keyring: Keyring, for purpose: Keyring.Purpose? = nil, site: String) {
    seal = Seal(
      keyring, for: purpose ?? Content.purpose, site: site, version: Content.version,
      longestText: Content.longestToken)
  }

  /// - Returns: nil when the content is longer than a token may be, or cannot be encrypted.
  package func seal(_ content: Content) -> String? {
    var fields = FieldWriter()
    content.write(to: &fields)
    return seal.seal(fields.bytes)
  }

  /// What was sealed in a token, or nil when it is not one of ours, whatever the reason: callers are not told which.
  package func open(_ token: String) -> Content? {
    seal.open(token).flatMap { FieldReader($0) }.flatMap { Content($0) }
  }
}
