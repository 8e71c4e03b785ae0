internal import Limits

extension LimitsPolicy {
  /// - Parameter timeout: how long the provider is waited for, at most, for one message.
  func waiting(forAnswersWithin timeout: Duration) -> LimitsPolicy {
    var policy = self
    // One that was a little too early is asked for twice, with up to two pauses of two seconds; the store has the rest.
    policy.sendTimeout = timeout + .seconds(15)
    return policy
  }
}

/// The limits: each has a setting of its own, named after it.
extension SiteSettings {
  /// - Parameter countries: how many are served.
  static func limits(_ reader: inout SettingsReader, countries: Int) -> LimitsPolicy {
    var policy = LimitsPolicy()
    policy.mode =
      reader.optional(.limits, "enforce, or watch to log what would be refused") {
        ReservationRequest.Mode(rawValue: $0)
      }
      ?? .enforce
    var given: Set<LimitID> = []
    for limit in LimitID.allCases {
      let value = reader.optional(limit, "a whole number from 0 to 1000000, or off") { LimitValue($0) }
      switch value {
      case nil: continue
      case .off: policy.limits[limit] = nil
      case .atMost(let count): policy.limits[limit]?.count = count
      }
      given.insert(limit)
    }
    policy.followBudget(countries: countries, keeping: given)
    policy.cooldowns = cooldowns(.limitCooldowns, &reader) ?? policy.cooldowns
    policy.resendCooldowns = cooldowns(.limitResendCooldowns, &reader) ?? policy.resendCooldowns
    policy.reserve = reader.number(.limitReserve, in: 0...90, unit: "percent") ?? policy.reserve
    policy.trustedLife =
      reader.number(.limitTrustedDays, in: 0...400, unit: "days").map { .seconds(86_400 * $0) } ?? policy.trustedLife
    policy.grace = reader.number(.limitGrace, in: 0...3600, unit: "seconds").map { .seconds($0) } ?? policy.grace
    policy.sharesBudget = reader.flag(.limitShare) ?? policy.sharesBudget
    return policy
  }

  private enum LimitValue {
    case off
    case atMost(Int)

    init?(_ text: String) {
      if text == "off" {
        self = .off
      } else if let count = Int(text), (0...1_000_000).contains(count) {
        self = .atMost(count)
      } else {
        return nil
      }
    }
  }

  /// Seconds after the first message, the second and so on.
  private static func cooldowns(_ name: SettingName, _ reader: inout SettingsReader) -> [Duration]? {
    reader.optional(name, "1 to 10 whole numbers of seconds from 0 to 86400, like 60 120 300, or off") { text in
      if text == "off" { return [] }
      let words = WordList.words(of: text)
      let cooldowns = words.compactMap { Int($0) }.filter { (0...86_400).contains($0) }
      return cooldowns.count == words.count && (1...10).contains(cooldowns.count) ? cooldowns.map { .seconds($0) } : nil
    }
  }
}
