internal import Encoding
internal import Flow
internal import Verification

/// What is said about times, tries, PINs, and countries.
extension Catalog {
  /// A time to wait, rounded up: "30 seconds", "2 minutes", "3 hours".
  func wait(_ wait: Duration) -> String {
    let seconds = wait.wholeSeconds
    if seconds < 60 { return counted(.seconds, seconds) }
    if seconds <= 90 * 60 { return counted(.minutes, (seconds + 59) / 60) }
    if seconds <= 36 * 3600 { return counted(.hours, (seconds + 3599) / 3600) }
    return counted(.days, (seconds + 86_399) / 86_400)
  }

  /// The forms of the units that the page's script counts in, as the JSON text `{"seconds": {"one": …}, …}`.
  var countdownUnits: String {
    let units = [PluralKey.seconds, .minutes].map { unit in
      let forms = (plurals[unit] ?? [:]).sorted { $0.key.rawValue < $1.key.rawValue }.map { category, text in
        "\"\(category.rawValue)\":\"\(text)\""
      }
      return "\"\(unit.rawValue)\":{\(forms.joined(separator: ","))}"
    }
    return "{\(units.joined(separator: ","))}"
  }

  /// How long a PIN that came by a channel is good.
  func lifetime(_ lifetime: PINLifetime, by channel: Channel) -> String {
    switch lifetime {
    case .fresh(let minutes): counted(.lifetimeFresh, Int64(minutes))
    case .left(let minutes): counted(.lifetimeLeft, Int64(minutes))
    case .over: MessageText.choose(text(.lifetimeOver), isCall: channel == .call)
    case .unknown: text(.lifetimeUnknown)
    }
  }

  /// When the next message can be requested, on the page for one that came by a channel.
  func again(_ next: OutcomeArguments.NextMessage, by channel: Channel) -> String {
    switch next {
    case .now: againNow(by: channel)
    case .after(let wait): againAfter(by: channel).filling("{wait}", with: self.wait(wait))
    case .never: MessageText.choose(text(.againNever), isCall: channel == .call)
    }
  }

  func againNow(by channel: Channel) -> String { MessageText.choose(text(.againNow), isCall: channel == .call) }

  /// The sentence with `{wait}` in it.
  func againAfter(by channel: Channel) -> String { MessageText.choose(text(.againAfter), isCall: channel == .call) }

  /// How many digits a PIN has: "6", "4 to 6".
  func length(_ range: ClosedRange<Int>) -> String {
    guard range.lowerBound < range.upperBound else { return "\(range.upperBound)" }
    return text(.lengthRange, ("least", "\(range.lowerBound)"), ("most", "\(range.upperBound)"))
  }

  /// "6 digits", "4 to 6 digits".
  func digits(_ range: ClosedRange<Int>) -> String {
    counted(.digits, Int64(range.upperBound), shown: length(range))
  }

  /// An example of a PIN as people type it: "1234", "123 456".
  func examplePIN(_ range: ClosedRange<Int>) -> String {
    let digits = "1234567890".prefix(range.lowerBound)
    guard digits.count.isMultiple(of: 2), digits.count > 4 else { return String(digits) }
    return digits.prefix(digits.count / 2) + " " + digits.suffix(digits.count / 2)
  }

  /// Empty if the owner has raised the limits beyond the provider's own: then we do not know.
  func tries(left: Int?) -> String {
    switch left {
    case nil, .some(6...): ""
    case .some(..<1): text(.lastTry)
    case .some(let left): counted(.triesLeft, Int64(left))
    }
  }

  /// "We send to numbers of the United States (+1) and Canada (+1)."; only the beginning of a long list.
  func served(_ countries: [(country: Country, callingCode: String?)]) -> String {
    var names = countries.prefix(Self.mostCountries).map { country, code in
      let name = self.countries.inSentence(country)
      return code.map { text(.countryWithCode, ("country", name), ("code", $0)) } ?? name
    }
    let more = countries.count - names.count
    if more > 0 { names.append(counted(.moreCountries, Int64(more))) }
    guard let last = names.popLast() else { return "" }
    let list =
      names.isEmpty ? last : names.joined(separator: text(.listSeparator)) + text(.listEnd, ("last", last))
    return text(.servedCountries, ("countries", list))
  }

  private static let mostCountries = 12
}
