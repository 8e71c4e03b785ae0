internal import Crypto
internal import Encoding
public import Limits
public import Verification

/// The keys under which numbers, addresses, browsers and forms are counted: HMAC-SHA-256 (RFC 2104) with a secret of
/// its own, truncated to 128 bits.
///
/// That secret is derived from the keyring's **last** key, so that adding a new key in front leaves all counters as
/// they are. Removing the last key resets them.
///
/// The first half of a counter key is its **prefix**. The counters of one visitor's request have the prefix of the
/// number or of the net; a number's two prefixes share one; and the counters that everybody shares, those of the
/// country and the site, have a single prefix, the same for all sites, that sorts first. So a store that keeps keys in
/// order finds them side by side, and writes four pages per send instead of nine. The second half tells keys with the
/// same prefix apart.
public struct CounterKeys: Sendable {
  /// Initialized with the secret and copied for each name, which halves the work.
  private let keyed: HMAC<SHA256>
  /// The counter key of the whole site.
  public let site: CounterKey

  /// - Parameter site: the name that separates this site's counters from those of another site with the same keys and
  ///   store.
  public init(_ keyring: Keyring, site: String) {
    guard let key = keyring.keys(for: .counters, site: site).last else { preconditionFailure("a keyring has a key") }
    keyed = HMAC<SHA256>(key: key)
    self.site = Self.name(.site, "", keyed, at: Self.sharedPrefix)
  }

  /// - Parameter country: the number's country; nil counts it together with all other numbers that belong to no
  ///   country.
  public func keys(of number: PhoneNumber, country: Country?) -> NumberKeys {
    let prefix6 = name(.prefix6, NumberPrefix(of: number, width: .million).digits)
    let digits = NumberPrefix(of: number, width: .tenThousand).digits
    let prefix4 = name(.prefix4, digits, near: prefix6)
    return NumberKeys(
      number: name(.number, number.digits), prefix4: prefix4, prefix6: prefix6,
      country: name(.country, country?.code ?? "", near: site), site: site,
      sealedRange: SealedName.range(digits, country?.code) ^ mask(prefix4))
  }

  /// The counter key of the /32 of an IPv6 address.
  public func wideNet(_ wide: String) -> CounterKey { name(.wideNet, wide) }

  /// A net's address as stored for the owner's reports: masked, so that only the holder of the key can read it.
  ///
  /// - Parameters:
  ///   - bytes: the first 3 of an IPv4 address, or the first 6 of an IPv6 one.
  ///   - key: the net's own counter key: no two nets are masked alike.
  public func sealed(net bytes: [UInt8], named key: CounterKey) -> UInt64 { SealedName.net(bytes) ^ mask(key) }

  /// - Returns: nil for bytes that `sealed(net:named:)` did not make.
  public func net(sealed: UInt64, named key: CounterKey) -> [UInt8]? { SealedName.net(sealed ^ mask(key)) }

  /// The prefix and country that were masked in `NumberKeys.sealedRange`.
  ///
  /// - Parameter prefix4: the counter key that they were masked with.
  public func range(sealed: UInt64, named prefix4: CounterKey) -> (digits: String, country: String)? {
    SealedName.range(sealed ^ mask(prefix4))
  }

  private func mask(_ key: CounterKey) -> UInt64 {
    var code = keyed
    code.update(data: Array("mask\0".utf8) + key.bytes)
    return code.finalize().prefix(8).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The counter keys of an address. If the web server does not pass it on, both texts are empty, and all requests
  /// count as coming from one address.
  ///
  /// - Parameters:
  ///   - host: the addresses of one household (`ClientAddress.host`).
  ///   - net: the addresses that a provider assigns together (`ClientAddress.net`).
  public func address(host: String, net: String) -> (address: CounterKey, net: CounterKey) {
    let net = name(.net, net)
    return (name(.address, host, near: net), net)
  }

  package func browser(_ browser: BrowserID) -> CounterKey {
    name(.browser, browser.text)
  }

  /// A browser that sent no cookie.
  ///
  /// - Parameters:
  ///   - host: empty if unknown.
  ///   - net: the name of the address's net.
  package func browser(at host: String, in net: CounterKey, userAgent: String) -> CounterKey {
    name(.bareBrowser, host + "\0" + userAgent, near: net)
  }

  /// A form that was sent for a number. The same form with a corrected number counts as a different one.
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

  /// The holder of a proof.
  package func proved(_ subject: String) -> CounterKey {
    name(.proved, subject)
  }

  /// A return token, which can be redeemed once.
  package func returnToken(_ nonce: FormNonce) -> CounterKey {
    name(.returnToken, Base64URL.encode(nonce.bytes))
  }

  /// A slot of those who wait instead of working.
  package func slot(_ number: Int64) -> CounterKey {
    name(.slot, "\(number)", near: site)
  }

  /// The one slot that a net may have in so long a time.
  package func waiter(in net: CounterKey, during period: Int64) -> CounterKey {
    name(.waiter, "\(Base64URL.encode(net.bytes))\0\(period)", near: net)
  }

  /// The response of a third party's widget, of any length.
  package func widgetResponse(_ response: String) -> CounterKey {
    name(.widgetResponse, response)
  }

  /// An address, net or browser as one that has a third party asked: that is counted apart from its messages and tries.
  package func widgetSource(_ source: CounterKey) -> CounterKey {
    name(.widgetSource, Base64URL.encode(source.bytes), near: source)
  }

  /// What is wrong with a third party, as something that the owner was told.
  package func widgetTrouble(_ trouble: String) -> CounterKey {
    name(.widgetTrouble, trouble, near: site)
  }

  /// That a third party let visitors pass.
  package var widgetPassed: CounterKey { name(.widgetPassed, "", near: site) }

  /// Where messages to the owner's webhook wait.
  package var outbox: CounterKey { name(.outbox, "", near: site) }

  /// Never change a raw value: it is part of what is hashed.
  private enum Kind: String {
    case number, prefix4, prefix6, country, address, net, browser, form, attempt, code, end, site
    case bareBrowser = "bare-browser"
    case returnToken = "return-token"
    case outbox, waiter, proved
    case slot = "place"
    case wideNet = "wide-net"
    case widgetResponse = "widget-response"
    case widgetSource = "widget-source"
    case widgetTrouble = "widget-trouble"
    case widgetPassed = "widget-passed"
  }

  /// The provider is left out for Vonage v1, once the only one.
  private static func text(_ request: RequestID) -> String {
    request.provider == .vonageV1 ? request.value : "\(request.provider)\0\(request.value)"
  }

  /// - Parameter neighbor: the counter key whose prefix it shares; nil for a prefix of its own.
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
