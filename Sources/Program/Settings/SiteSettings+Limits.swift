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

/// The limits: each row has a setting of its own, named after it.
extension SiteSettings {
  static func limits(_ reader: inout SettingsReader) -> LimitsPolicy {
    var policy = LimitsPolicy()
    policy.mode =
      reader.optional(.limits, "enforce, or watch to log what would be refused") {
        ReservationRequest.Mode(rawValue: $0)
      }
      ?? .enforce
    for row in LimitID.allCases {
      let value = reader.optional(row, "a whole number from 0 to 1000000, or off") { RowValue($0) }
      switch value {
      case nil: break
      case .off: policy.limits[row] = nil
      case .atMost(let count): policy.limits[row]?.count = count
      }
    }
    policy.cooldowns = cooldowns(.limitCooldowns, &reader) ?? policy.cooldowns
    policy.resendCooldowns = cooldowns(.limitResendCooldowns, &reader) ?? policy.resendCooldowns
    policy.reserve = reader.number(.limitReserve, in: 0...90, unit: "percent") ?? policy.reserve
    policy.trustedLife =
      reader.number(.limitTrustedDays, in: 0...400, unit: "days").map { .seconds(86_400 * $0) } ?? policy.trustedLife
    policy.conversion = conversion(&reader)
    return policy
  }

  private enum RowValue {
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

  /// Nil when it is off. Its terms are read even then, so that all that is wrong is told.
  private static func conversion(_ reader: inout SettingsReader) -> ConversionBreaker.Terms? {
    var terms = ConversionBreaker.Terms()
    terms.sends = reader.number(.conversionSends, in: 1...1_000_000) ?? terms.sends
    terms.percent = reader.number(.conversionPercent, in: 1...100, unit: "percent") ?? terms.percent
    terms.window = seconds(.conversionWindow, in: 60...86_400, &reader) ?? terms.window
    // A short window has to leave something to judge.
    terms.grace = seconds(.conversionGrace, in: 0...3600, &reader) ?? min(terms.grace, terms.window / 2)
    terms.opens = seconds(.conversionOpens, in: 60...604_800, &reader) ?? terms.opens
    terms.opensAtMost =
      seconds(.conversionOpensAtMost, in: 60...604_800, &reader) ?? max(terms.opensAtMost, terms.opens)
    if terms.opensAtMost < terms.opens {
      reader.complain(
        .conversionOpensAtMost, "must not be less than \(SettingName.conversionOpens.rawValue)")
    }
    if terms.grace >= terms.window {
      reader.complain(.conversionGrace, "must be less than \(SettingName.conversionWindow.rawValue)")
    }
    let isOn = reader.flag(.conversion) ?? true
    return isOn ? terms : nil
  }

  private static func seconds(
    _ name: SettingName, in range: ClosedRange<Int>, _ reader: inout SettingsReader
  ) -> Duration? {
    reader.number(name, in: range, unit: "seconds").map { .seconds($0) }
  }
}
