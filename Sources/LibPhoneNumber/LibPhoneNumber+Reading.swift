internal import Verification

/// Decides whose number the digits are if they could be more than one.
extension LibPhoneNumber {
  /// A reading of the digits, and its outcome at this site.
  private struct Candidate {
    let reading: LibraryReading
    let destination: Result<Destination, NumberRefusal>

    var accepted: Destination? { if case .success(let accepted) = destination { accepted } else { nil } }
    var mobile: Destination? { accepted.flatMap { $0.line == .mobile ? $0 : nil } }

    /// The result if this is the only reading.
    var alone: NumberReading {
      switch destination {
      case .success(let destination): .accepted(destination)
      case .failure(let refusal): .refused(refusal, owner: reading.country)
      }
    }
  }

  private func candidate(_ dialed: some StringProtocol, in country: Country?) -> Candidate {
    let reading = LibraryReading(String(dialed), in: country)
    return Candidate(reading: reading, destination: Result { () throws(NumberRefusal) in try destination(reading) })
  }

  /// Reads digits after a `+`. They mean what they say, except for a repeated country code ("+49 49 172 5555555", typed
  /// into a form that had already filled in the first one), if the number is a mobile number without the repetition and
  /// not a mobile number with it.
  func international(_ digits: Substring, isConfirmed: Bool) -> NumberReading {
    international(digits, read: candidate("+" + digits, in: nil), isConfirmed: isConfirmed)
  }

  /// - Parameter typed: the reading of the digits after a `+`, passed in because each reading tries dozens of patterns.
  private func international(_ digits: Substring, read typed: Candidate, isConfirmed: Bool) -> NumberReading {
    guard !isConfirmed, typed.mobile == nil, let meant = withoutDoubledCode(digits) else { return typed.alone }
    if let landline = typed.accepted { return meant.line == .mobile ? .unclear([meant, landline]) : typed.alone }
    return .unclear([meant])
  }

  /// Reads digits without a `+`: somebody in the home country dials them, or a `+` was lost.
  func bare(_ typed: TypedNumber, isConfirmed: Bool) -> NumberReading {
    let digits = typed.digits[...]
    let atHome = candidate(digits, in: countries.home)
    guard !digits.hasPrefix("00") else { return dialedAbroad(digits.dropFirst(2), atHome, isConfirmed: isConfirmed) }
    // No country code begins with 0, so these digits are a national number or nothing.
    guard !digits.hasPrefix("0") else { return atHome.alone }
    let abroad = candidate("+" + digits, in: nil)
    // The home country's code without its plus, which the library has recognized by itself.
    guard !abroad.reading.isSameNumber(as: atHome.reading) else {
      return international(digits, read: abroad, isConfirmed: isConfirmed)
    }

    if let atHome = atHome.mobile {
      if let abroad = abroad.mobile { return .unclear(typed.hasLostPlus ? [abroad, atHome] : [atHome, abroad]) }
      guard typed.hasLostPlus, abroad.reading.isValid else { return .accepted(atHome) }
      return .unclear([abroad.accepted, atHome].compactMap(\.self))
    }
    if let abroad = abroad.mobile { return .accepted(abroad) }
    if let meant = withoutDoubledCode(digits), meant.line == .mobile {
      return .unclear([meant] + [abroad.accepted, atHome.accepted].compactMap(\.self))
    }
    if let landline = atHome.accepted {
      if let abroad = abroad.accepted { return typed.hasLostPlus ? .accepted(abroad) : .unclear([abroad, landline]) }
      // A number in a country that is not served: nobody at home should get a call because of it.
      return abroad.reading.isValid ? .unclear([landline]) : .accepted(landline)
    }
    if let abroad = abroad.accepted { return .accepted(abroad) }
    let isMeant = abroad.reading.isMobile || typed.hasLostPlus || hasCodeOfOurs(digits)
    return abroad.reading.isValid && isMeant ? abroad.alone : atHome.alone
  }

  /// Reads digits dialed after 00, which is the home country's international prefix or stands for one elsewhere.
  private func dialedAbroad(_ digits: Substring, _ atHome: Candidate, isConfirmed: Bool) -> NumberReading {
    let abroad = candidate("+" + digits, in: nil)
    if atHome.reading.isValid, !abroad.reading.isSameNumber(as: atHome.reading) { return atHome.alone }
    let reading = international(digits, read: abroad, isConfirmed: isConfirmed)
    if case .refused = reading, !abroad.reading.isValid { return atHome.alone }
    return reading
  }

  /// The number without the repetition of its country code; nil if the code is not repeated.
  private func withoutDoubledCode(_ digits: Substring) -> Destination? {
    for length in 1...3 where digits.utf8.count > 2 * length {
      let code = digits.prefix(length)
      let rest = digits.dropFirst(length)
      let once = rest.hasPrefix("00") ? rest.dropFirst(2) : rest
      if once.hasPrefix(code), let found = candidate("+" + once, in: nil).accepted { return found }
    }
    return nil
  }

  /// Whether the digits begin with the calling code of a served country or the home country.
  private func hasCodeOfOurs(_ digits: Substring) -> Bool {
    ([countries.home] + countries.allowed).contains { callingCode(of: $0).map { digits.hasPrefix($0) } ?? false }
  }
}
