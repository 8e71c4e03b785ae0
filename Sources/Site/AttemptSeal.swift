internal import Crypto
internal import Verification

/// Seals a pending attempt into the text of a hidden form field and opens it again: the whole of PinGate's cryptography.
///
/// The text is base64url (RFC 4648, section 5, no padding) of a version byte, a random 96-bit nonce, and the attempt
/// encrypted and authenticated with AES-256-GCM (NIST SP 800-38D). The version byte is authenticated with it; purpose
/// and site are part of the key. A visitor can neither read it, change it, nor put another's request into it. That a
/// genuine one can be sent again is for Vonage, and for the counters, to deal with.
struct AttemptSeal: Sendable {
  private let keys: [SymmetricKey]
  private static let version: UInt8 = 1

  /// - Parameter site: what tells this site from another one that has the same keys.
  init(_ keyring: Keyring, site: String) {
    keys = keyring.keys(for: .pendingAttempt, site: site)
  }

  func seal(_ pending: Pending) throws -> String {
    let box = try AES.GCM.seal(Self.encode(pending), using: keys[0], authenticating: [Self.version])
    return Base64URL.encode([Self.version] + box.nonce + box.ciphertext + box.tag)
  }

  /// What was sealed in a token, or nil when it is not one of ours, of whatever reason: none is told to anybody.
  func open(_ token: String) -> Pending? {
    guard token.utf8.count <= Self.longestToken, let bytes = Base64URL.decode(token), bytes.first == Self.version,
      let box = try? AES.GCM.SealedBox(combined: bytes.dropFirst())  // too short to be one: the only error there is
    else { return nil }
    for key in keys {
      // An authentication failure is the one error of `open`, and means: not with this key.
      if let plain = try? AES.GCM.open(box, using: key, authenticating: [Self.version]) {
        return Self.decode(Array(plain))
      }
    }
    return nil
  }

  /// More than the longest attempt needs, which is 247 characters.
  static let longestToken = 300

  // Eight bytes of time, one of sends, one that says whether it was joined; then number, request id and the number as
  // it was typed, each after a byte with its length.
  private static func encode(_ pending: Pending) -> [UInt8] {
    let attempt = pending.attempt
    var bytes: [UInt8] = []
    let time = UInt64(bitPattern: attempt.startedAt.secondsSinceEpoch)
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: time >> UInt64(shift)))
    }
    bytes += [UInt8(clamping: attempt.sends), pending.isJoined ? 1 : 0]
    for text in [attempt.number.digits, attempt.requestID.value, pending.typedNumber] {
      bytes.append(UInt8(text.utf8.count))
      bytes += text.utf8
    }
    return bytes
  }

  private static func decode(_ bytes: [UInt8]) -> Pending? {
    var rest = bytes[...]
    var time: UInt64 = 0
    for _ in 0..<8 {
      guard let byte = rest.popFirst() else { return nil }
      time = time << 8 | UInt64(byte)
    }
    guard let sends = rest.popFirst(), let isJoined = rest.popFirst(),
      let number = popText(&rest).flatMap({ PhoneNumber(typed: $0) }),
      let requestID = popText(&rest).flatMap({ RequestID($0) }),
      let typedNumber = popText(&rest), rest.isEmpty
    else { return nil }
    let attempt = Attempt(
      requestID: requestID, number: number, startedAt: Timestamp(secondsSinceEpoch: Int64(bitPattern: time)),
      sends: Int(sends))
    return Pending(attempt: attempt, typedNumber: typedNumber, isJoined: isJoined == 1)
  }

  private static func popText(_ bytes: inout ArraySlice<UInt8>) -> String? {
    guard let length = bytes.popFirst(), bytes.count >= length else { return nil }
    defer { bytes = bytes.dropFirst(Int(length)) }
    return String(validating: bytes.prefix(Int(length)), as: UTF8.self)
  }
}
