internal import Crypto
internal import Encoding
package import Verification

/// What those get who may not have a PIN, so that nobody who watches can tell them from those who may: a number that a user
/// could have, and a request that the provider could have.
///
/// Both are keyed hashes under a key of their own. Nobody else can make one, or know one when they see it.
public struct Decoys: Sendable {
  private let keys: [SymmetricKey]

  /// - Parameter site: what tells this site from another one with the same keys.
  public init(_ keyring: Keyring, site: String) {
    keys = keyring.keys(for: .decoys, site: site)
  }

  /// The number that a user without one has: always the same, and nobody's. Country code 999 is given to none (ITU-T E.164,
  /// list of assigned country codes), and no numbering plan accepts it.
  ///
  /// - Parameter length: how many digits it has, out of 7 to 15: other users' numbers tell how many look usual.
  package func number(of user: UserName, length: Int) -> PhoneNumber {
    // The last key, as with counters: a new one that is put in front changes nobody's number.
    guard let key = keys.last else { preconditionFailure("a keyring has a key") }
    let digest = HMAC<SHA256>.authenticationCode(for: Array("number\0\(user.text)".utf8), using: key)
    let digits = digest.prefix(max(7, min(length, 15)) - Self.countryCode.utf8.count).map { "\($0 % 10)" }
    guard let number = PhoneNumber(e164: Self.countryCode + digits.joined()) else {
      preconditionFailure("7 to 15 digits are a number")
    }
    return number
  }

  /// Out of so many, the one that is a user's: always the same.
  package func choice(of user: UserName, outOf count: Int) -> Int {
    guard let key = keys.last, count > 0 else { return 0 }
    let digest = HMAC<SHA256>.authenticationCode(for: Array("choice\0\(user.text)".utf8), using: key)
    return Int(digest.prefix(4).reduce(0) { $0 << 8 | UInt32($1) } % UInt32(clamping: count))
  }

  package static func isDecoy(_ number: PhoneNumber) -> Bool { number.digits.hasPrefix(countryCode) }

  private static let countryCode = "999"

  /// A new request that nobody asked the provider for, in the form of Vonage's: half of it is random, and the other half says
  /// that it was made here.
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
