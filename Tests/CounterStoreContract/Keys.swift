public import Limits

/// Keys that look like keyed hashes.
public enum Keys {
  public static func key(_ text: String) -> CounterKey {
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    var bytes: [UInt8] = []
    for round in 0..<2 as Range<UInt8> {
      for byte in Array(text.utf8) + [round] { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
      for shift in stride(from: 56, through: 0, by: -8) {
        bytes.append(UInt8(truncatingIfNeeded: hash >> UInt64(shift)))
      }
    }
    return CounterKey(bytes)
  }

  public static let site = key("site")

  public static func number(_ digits: String) -> NumberKeys {
    NumberKeys(
      number: key("number" + digits), prefix4: key("prefix4" + digits.dropLast(4)),
      prefix6: key("prefix6" + digits.dropLast(6)), country: key("country" + digits.prefix(2)), site: site)
  }

  public static func visitor(_ name: String, net: String? = nil, hasCookie: Bool = true) -> VisitorKeys {
    VisitorKeys(
      address: key("address" + name), net: key("net" + (net ?? name)), browser: key("browser" + name),
      hasCookie: hasCookie)
  }

  public static func send(
    _ digits: String = "436601234567", by name: String = "anna", nonce: String? = nil, resendOf attempt: String? = nil
  ) -> SendIntent {
    SendIntent(
      number: number(digits), visitor: visitor(name), nonce: nonce.map { key("nonce" + $0) },
      resendOf: attempt.map { key("attempt" + $0) })
  }

  public static func attempt(
    _ digits: String = "436601234567", by name: String = "anna", attempt: String = "1", code: String? = nil
  ) -> TryIntent {
    TryIntent(
      number: number(digits), visitor: visitor(name), attempt: key("attempt" + attempt),
      code: key("code" + (code ?? attempt)))
  }
}

extension LimitsPolicy {
  /// The rows of the site that these keys are of.
  public func rulesOfSite() -> [Rule] { rules(ofSite: Keys.site) }
}
