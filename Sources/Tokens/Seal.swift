internal import Crypto
internal import Encoding

/// Seals bytes into text and opens them again: all of PinGate's encryption.
///
/// The text is the base64url encoding (RFC 4648, section 5, no padding) of a version byte, a random 96-bit nonce, and
/// the bytes encrypted and authenticated with AES-256-GCM (NIST SP 800-38D). The version byte is authenticated too;
/// purpose and site are part of the key.
struct Seal: Sendable {
  private let keys: [SymmetricKey]
  private let version: UInt8
  /// The maximum length of a text that is made or opened, in characters.
  private let longestText: Int

  init(_ keyring: Keyring, for purpose: Keyring.Purpose, site: String, version: UInt8, longestText: Int) {
    keys = keyring.keys(for: purpose, site: site)
    self.version = version
    self.longestText = longestText
  }

  /// - Returns: nil if the text would be too long.
  func seal(_ bytes: [UInt8]) -> String? {
    // Its only error is a wrong key length, which no keyring has.
    guard let box = try? AES.GCM.seal(bytes, using: keys[0], authenticating: [version]) else { return nil }
    guard let combined = box.combined else { preconditionFailure("a box with a 96-bit nonce has a combined form") }
    let text = Base64URL.encode([version] + combined)
    return text.utf8.count <= longestText ? text : nil
  }

  /// What was sealed in a text; nil if it was not sealed here, whatever the reason: callers are not told which.
  func open(_ text: String) -> [UInt8]? {
    guard text.utf8.count <= longestText, let bytes = Base64URL.decode(text), bytes.first == version,
      let box = try? AES.GCM.SealedBox(combined: bytes.dropFirst())  // Its only error: too short.
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
