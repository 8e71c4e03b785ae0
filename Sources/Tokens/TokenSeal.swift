/// Content that can be sealed into a token.
package protocol TokenContent: Sendable {
  /// It is part of the key, so that what is sealed for one purpose cannot be opened for any other.
  static var purpose: Keyring.Purpose { get }
  /// The version of the encoding; a new field does not require a new version.
  static var version: UInt8 { get }
  /// The maximum length of a token that is made or opened, in characters.
  static var longestToken: Int { get }

  func write(to fields: inout FieldWriter)

  /// - Returns: nil if the fields are not those of this content.
  init?(_ fields: FieldReader)
}

/// Seals one kind of content into tokens and opens them again: the text of a hidden form field, of a URL's query, or of
/// what one process leaves for another.
///
/// A client can neither read nor change a token, nor make one. A genuine one can be replayed: the provider and the
/// counters have to deal with that.
package struct TokenSeal<Content: TokenContent>: Sendable {
  private let seal: Seal

  /// - Parameters:
  ///   - purpose: nil for the content's usual one.
  ///   - site: the name that separates this site from another one with the same keys.
  package init(_ keyring: Keyring, for purpose: Keyring.Purpose? = nil, site: String) {
    seal = Seal(
      keyring, for: purpose ?? Content.purpose, site: site, version: Content.version,
      longestText: Content.longestToken)
  }

  /// - Returns: nil if the content is too long for a token, or cannot be encrypted.
  package func seal(_ content: Content) -> String? {
    var fields = FieldWriter()
    content.write(to: &fields)
    return seal.seal(fields.bytes)
  }

  /// What was sealed in a token; nil if it was not sealed here, whatever the reason: callers are not told which.
  package func open(_ token: String) -> Content? {
    seal.open(token).flatMap { FieldReader($0) }.flatMap { Content($0) }
  }
}
