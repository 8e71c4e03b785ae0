internal import Crypto
internal import Encoding
public import Limits
public import Verification

/// The names under which numbers, addresses, browsers and forms are counted: HMAC-SHA-256 (RFC 2104), cut to 128 bits,
/// under a key of its own.
///
/// That key is derived from the ring's **last** key, so that a new key that is put in front leaves all counters as they
/// are. Taking the last one away starts them anew.
///
/// The first half of a name is its **prefix**: what one visitor's request is counted by has the prefix of its number or of
/// its net, a number's two prefixes share one, and what everybody is counted by, the country and the site, has the prefix
/// of all sites, which is the first one. A store that keeps names in order so finds them side by side, and writes four
/// pages for a send instead of nine. Under one prefix the other half tells names apart.
public struct CounterKeys: Sendable {
  /// Keyed, and nothing hashed yet: copied for each name, which halves the work.
  private let keyed: HMAC<SHA256>
  /// The whole site.
  public let site: CounterKey

  /// - Parameter site: what tells this site's counters from another one's with the same keys and the same store.
  public init(_ keyring: Keyring, site: String) {
    guard let key = keyring.keys(for: .counters, site: site).last else { preconditionFailure("a keyring has a key") }
    keyed = HMAC<SHA256>(key: key)
    self.site = Self.name(.site, "", keyed, at: Self.sharedPrefix)
  }

  /// - Parameter country: whose number it is; nil counts it with all others that are nobody's.
  public func keys(of number: PhoneNumber, country: Country?) -> NumberKeys {
    let prefix6 = name(.prefix6, NumberPrefix(of: number, width: .million).digits)
    let digits = NumberPrefix(of: number, width: .tenThousand).digits
    let prefix4 = name(.prefix4, digits, near: prefix6)
    return NumberKeys(
      number: name(.number, number.digits), prefix4: prefix4, prefix6: prefix6,
      country: name(.country, country?.code ?? "", near: site), site: site,
      sealedRange: SealedName.range(digits, country?.code) ^ mask(prefix4))
  }

  /// The /32 of an IPv6 address.
  public func wideNet(_ wide: String) -> CounterKey { name(.wideNet, wide) }

  /// A net's own name as the store keeps it: whoever has the key can read it, for the owner's eyes.
  ///
  /// - Parameters:
  ///   - bytes: the first 3 of an IPv4 address, or the first 6 of an IPv6 one.
  ///   - key: the net's key, of which there is one for each: no two are hidden under the same mask.
  public func sealed(net bytes: [UInt8], named key: CounterKey) -> UInt64 { SealedName.net(bytes) ^ mask(key) }

  /// - Returns: nil for what was not made by `sealed(net:named:)`.
  public func net(sealed: UInt64, named key: CounterKey) -> [UInt8]? { SealedName.net(sealed ^ mask(key)) }

  /// A prefix and its country.
  ///
  /// - Parameter prefix4: under whose key they were sealed.
  public func range(sealed: UInt64, named prefix4: CounterKey) -> (digits: String, country: String)? {
    SealedName.range(sealed ^ mask(prefix4))
  }

  private func mask(_ key: CounterKey) -> UInt64 {
    var code = keyed
    code.update(data: Array("mask\0".utf8) + key.bytes)
    return code.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Where the web server does not say where a request came from, all of them come from one place: both are empty.
  ///
  /// - Parameters:
  ///   - host: what one household has (`ClientAddress.host`).
  ///   - net: what one provider hands out together (`ClientAddress.net`).
  public func address(host: String, net: String) -> (address: CounterKey, net: CounterKey) {
    let net = name(.net, net)
    return (name(.address, host, near: net), net)
  }

  package func browser(_ browser: BrowserID) -> CounterKey {
    name(.browser, browser.text)
  }

  /// A browser that brought no cookie.
  ///
  /// - Parameters:
  ///   - host: empty where it is not known.
  ///   - net: the name of the address's net.
  package func browser(at host: String, in net: CounterKey, userAgent: String) -> CounterKey {
    name(.bareBrowser, host + "\0" + userAgent, near: net)
  }

  /// A form, sent for a number: the same form with another number in it, which was corrected, is another one.
  ///
  /// - Parameter keys: the number's names.
  package func form(_ nonce: FormNonce, _ number: PhoneNumber, named keys: NumberKeys) -> CounterKey {
    name(.form, Base64URL.encode(nonce.bytes) + number.digits, near: keys.number)
  }

  package func attempt(_ attempt: Attempt, of number: NumberKeys) -> CounterKey {
    name(.attempt, Self.text(attempt.id), near: number.number)
  }

  package func code(of request: RequestID, to number: NumberKeys) -> CounterKey {
    name(.code, Self.text(request), near: number.number)
  }

  package func end(of request: RequestID, to number: CounterKey) -> CounterKey {
    name(.end, Self.text(request), near: number)
  }

  /// A return token, which is redeemed once.
  package func returnToken(_ nonce: FormNonce) -> CounterKey {
    name(.returnToken, Base64URL.encode(nonce.bytes))
  }

  /// A place in the line of those who wait instead of working.
  package func place(_ number: Int64) -> CounterKey {
    name(.place, "\(number)", near: site)
  }

  /// The one place that a net may have in so long a time.
  package func waiter(in net: CounterKey, during period: Int64) -> CounterKey {
    name(.waiter, "\(Base64URL.encode(net.bytes))\0\(period)", near: net)
  }

  /// Where messages to the owner's webhook wait.
  package var outbox: CounterKey { name(.outbox, "", near: site) }

  /// Never change a name: it is part of what is hashed.
  private enum Kind: String {
    case number, prefix4, prefix6, country, address, net, browser, form, attempt, code, end, site
    case bareBrowser = "bare-browser"
    case returnToken = "return-token"
    case outbox, place, waiter
    case wideNet = "wide-net"
  }

  /// What there was of requests when there was one provider is still what is hashed of its.
  private static func text(_ request: RequestID) -> String {
    request.provider == .vonageV1 ? request.value : "\(request.provider)\0\(request.value)"
  }

  /// - Parameter neighbor: whose prefix it has; nil for one of its own.
  private func name(_ kind: Kind, _ text: String, near neighbor: CounterKey? = nil) -> CounterKey {
    Self.name(kind, text, keyed, at: (neighbor?.bytes).map { $0.prefix(Self.prefixLength) })
  }

  private static func name(
    _ kind: Kind, _ text: String, _ keyed: HMAC<SHA256>, at prefix: ArraySlice<UInt8>?
  ) -> CounterKey {
    var code = keyed
    code.update(data: Array((kind.rawValue + "\0" + text).utf8))
    var bytes = Array(code.finalize().prefix(length))
    if let prefix { bytes.replaceSubrange(..<prefixLength, with: prefix) }
    return CounterKey(bytes)
  }

  private static let length = 16
  private static let prefixLength = 8
  private static let sharedPrefix = [UInt8](repeating: 0, count: prefixLength)[...]
}
