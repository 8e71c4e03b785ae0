internal import Crypto
public import Gateway
public import Verification

/// The names under which numbers, addresses, browsers and forms are counted: HMAC-SHA-256 (RFC 2104), cut to 128 bits,
/// under a key of its own.
///
/// That key is derived from the ring's **last** key, so that a new key that is put in front leaves all counters as they
/// are. Taking the last one away starts them anew.
public struct CounterKeys: Sendable {
  /// Keyed, and nothing hashed yet: copied for each name, which halves the work.
  private let keyed: HMAC<SHA256>

  /// - Parameter site: what tells this site's counters from another one's with the same keys and the same store.
  public init(_ keyring: Keyring, site: String) {
    guard let key = keyring.keys(for: .counters, site: site).last else { preconditionFailure("a keyring has a key") }
    keyed = HMAC<SHA256>(key: key)
  }

  /// - Parameter country: whose number it is; nil counts it with all others that are nobody's.
  public func keys(of number: PhoneNumber, country: Country?) -> NumberKeys {
    NumberKeys(
      number: name(.number, number.digits),
      prefix4: name(.prefix4, NumberPrefix(of: number, width: .tenThousand).digits),
      prefix6: name(.prefix6, NumberPrefix(of: number, width: .million).digits),
      country: name(.country, country?.code ?? ""))
  }

  public func address(_ address: ClientAddress) -> (address: CounterKey, net: CounterKey) {
    (name(.address, address.host), name(.net, address.net))
  }

  /// Where the web server does not say where a request came from, all of them come from one place.
  var unknownAddress: (address: CounterKey, net: CounterKey) { (name(.address, ""), name(.net, "")) }

  func browser(_ cookie: BrowserCookie) -> CounterKey {
    name(.browser, cookie.value)
  }

  /// A browser that brought no cookie.
  func browser(at address: ClientAddress?, userAgent: String) -> CounterKey {
    name(.bareBrowser, (address?.host ?? "") + "\0" + userAgent)
  }

  /// A form, sent for a number: the same form with another number in it, which was corrected, is another one.
  func form(_ nonce: FormNonce, _ number: PhoneNumber) -> CounterKey {
    name(.form, Base64URL.encode(nonce.bytes) + number.digits)
  }

  func attempt(_ attempt: Attempt) -> CounterKey {
    name(.attempt, attempt.id.value)
  }

  func code(of request: RequestID) -> CounterKey {
    name(.code, request.value)
  }

  func end(of request: RequestID) -> CounterKey {
    name(.end, request.value)
  }

  /// Never change a name: it is part of what is hashed.
  private enum Kind: String {
    case number, prefix4, prefix6, country, address, net, browser, form, attempt, code, end
    case bareBrowser = "bare-browser"
  }

  private func name(_ kind: Kind, _ text: String) -> CounterKey {
    var code = keyed
    code.update(data: Array((kind.rawValue + "\0" + text).utf8))
    return CounterKey(Array(code.finalize().prefix(16)))
  }
}
