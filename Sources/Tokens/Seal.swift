internal import Crypto
internal import Encoding

/// Seals bytes into text and opens it again: all of PinGate's encryption.
///
/// The text is base64url (RFC 4648, section 5, no padding) of a version byte, a random 96-bit nonce, and the bytes
/// encrypted and authenticated with AES-256-GCM (NIST SP 800-38D). The version byte is authenticated with it; purpose
/// and site are part of the key.
struct Seal: Sendable {
  private let keys: [SymmetricKey]
  private let version: UInt8
  /// The longest text that is made or looked at, in characters.
  private let longestText: Int

  init(_ keyring: Keyring, for purpose: Keyring.Purpose, site: String, version: UInt8, longestText: Int) {
    keys = keyring.keys(for: purpose, site: site)
    self.version = version
    self.longestText = longestText
  }

  /// - Returns: nil if the text would be too long.
  func seal(_ bytes: [UInt8]) -> String? {
    // Its only error is a key length that no ring has.
    guard let box = try? AES.GCM.seal(bytes, using: keys[0], authenticating: [version]) else { return nil }
    guard let combined = box.combined else { preconditionFailure("a nonce of 96 bits is combined with what it sealed") }
    let text = Base64URL.encode([version] + combined)
    return text.utf8.count <= longestText ? text : nil
  }

  /// What was sealed in a text; nil if it is not one of ours, for whatever reason: callers are not told which.
  func open(_ text: String) -> [UInt8]? {
    guard text.utf8.count <= longestText, let bytes = Base64URL.decode(text), bytes.first == version,
      let box = try? AES.GCM.SealedBox(combined: bytes.dropFirst())  // too short to be one: the only error there is
    else { return nil }
    for key in keys {
      // The only error of `open` is an authentication failure: the text was not sealed with this key.
      if let plain = try? AES.GCM.open(box, using: key, authenticating: [version]) {
        return Array(plain)
      }
    }
    return nil
  }
}
