internal import Crypto
internal import Encoding
package import Verification

/// Stand-ins for users who get no PIN, so that an observer cannot tell them from users who do: a number that a user
/// could have, and a request id that the provider could have issued.
///
/// Both are keyed hashes with a key of their own. Nobody else can make one or recognize one.
public struct Decoys: Sendable {
  private let keys: [SymmetricKey]

  /// - Parameter site: the name that tells this site apart from another one with the same keys.
  public init(_ keyring: Keyring, site: String) {
    keys = keyring.keys(for: .decoys, site: site)
  }

  /// The number for a user who has none: always the same for that user, and nobody's. Country code 999 is not assigned
  /// (ITU-T E.164, list of assigned country codes), and no numbering plan accepts it.
  ///
  /// - Parameter length: how many digits it has, 7 to 15; the other users' numbers show how many look usual.
  package func number(of user: UserName, length: Int) -> PhoneNumber {
    // The last key, as for counters: putting a new key in front changes nobody's number.
    guard let key = keys.last else { preconditionFailure("a keyring has a key") }
    let digest = HMAC<SHA256>.authenticationCode(for: Array("number\0\(user.text)".utf8), using: key)
    let digits = digest.prefix(max(7, min(length, 15)) - Self.countryCode.utf8.count).map { "\($0 % 10)" }
    guard let number = PhoneNumber(e164: Self.countryCode + digits.joined()) else {
      preconditionFailure("7 to 15 digits are a number")
    }
    return number
  }

  /// Picks one of a number of choices for a user: always the same one.
  package func choice(of user: UserName, outOf count: Int) -> Int {
    guard let key = keys.last, count > 0 else { return 0 }
    let digest = HMAC<SHA256>.authenticationCode(for: Array("choice\0\(user.text)".utf8), using: key)
    return Int(digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } % UInt32(clamping: count))
  }

  package static func isDecoy(_ number: PhoneNumber) -> Bool { number.digits.hasPrefix(countryCode) }

  private static let countryCode = "999"

  /// A new request id that the provider never issued, in Vonage's format: half of it is random, and the other half, a
  /// keyed hash, proves that it was made here.
  package func request(of provider: Provider = .vonageV1) -> RequestID {
    let random = (0..<Self.half).map { _ in UInt8.random(in: .min ... .max) }
    guard let key = keys.first, let id = RequestID(Hexadecimal.text(random + Self.tag(random, key)), of: provider)
    else { preconditionFailure("hexadecimal digits are a request's name") }
    return id
  }

  package func hasMade(_ request: RequestID) -> Bool {
    guard let bytes = Hexadecimal.bytes(request.value.utf8), bytes.count == 2 * Self.half else { return false }
    let (random, tag) = (Array(bytes.prefix(Self.half)), bytes.suffix(Self.half))
    return keys.contains { key in
      zip(Self.tag(random, key), tag).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
    }
  }

  private static let half = 8

  private static func tag(_ random: [UInt8], _ key: SymmetricKey) -> [UInt8] {
    Array(HMAC<SHA256>.authenticationCode(for: Array("request\0".utf8) + random, using: key).prefix(half))
  }
}
