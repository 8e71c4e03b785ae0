/// Limits that fit each other.
extension LimitsPolicy {
  /// What has to pass the second passes the first too: a first one that is larger can never be reached.
  private static let nested: [(inner: LimitID, outer: LimitID)] = [
    (.siteHour, .siteDay), (.countryHour, .siteHour), (.prefix6Hour, .countryHour), (.prefix4Hour, .prefix6Hour),
    (.prefix4Day, .siteDay), (.prefix4Hour, .prefix4Day), (.countryRation, .siteDay), (.prefix6Ration, .countryRation),
    (.prefix6Ration, .siteDay), (.prefix4Ration, .prefix6Ration), (.addressHour, .addressDay),
    (.addressMinute, .addressHour), (.addressHour, .netHour), (.numberHour, .numberDay), (.trustedHour, .trustedDay),
    (.numberWrongHour, .numberWrongDay), (.numberWrongDay, .numberWrongTotal), (.trustedWrongHour, .trustedWrongDay),
    (.trustedWrongDay, .trustedWrongTotal), (.addressWrongHour, .netWrongHour), (.netWrongHour, .siteWrongHour),
  ]

  /// Has what is a part of the budget follow it: a country gets all of it where it is the only one and half of it where it is
  /// not, and a million of numbers three tenths of an hour's and a tenth of a day's. What is a part of something smaller is no larger.
  ///
  /// - Parameters:
  ///   - countries: how many are served.
  ///   - given: what the owner has set, which stays.
  public mutating func followBudget(countries: Int, keeping given: Set<LimitID> = []) {
    let isAlone = countries == 1
    if let hour = limits[.siteHour]?.count {
      follow(.countryHour, isAlone ? hour : (hour + 1) / 2, given)
      follow(.prefix6Hour, (hour * 3 + 9) / 10, given)
    }
    // A country that is the only one has the site's share.
    if isAlone, !given.contains(.countryRation) { limits[.countryRation] = nil }
    if let day = limits[.siteDay]?.count {
      follow(.countryRation, (day + 1) / 2, given)
      follow(.prefix6Ration, (day + 9) / 10, given)
    }
    for (inner, outer) in Self.nested {
      guard let count = limits[inner]?.count, let most = limits[outer]?.count else { continue }
      follow(inner, min(count, most), given)
    }
  }

  private mutating func follow(_ id: LimitID, _ count: Int, _ given: Set<LimitID>) {
    if !given.contains(id) { limits[id]?.count = count }
  }

  /// Two limits that do not fit each other.
  public struct Misfit: Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
      /// The other one refuses before this one is reached.
      case neverReached
      /// So much is all that it lets through in the other's time: the other one is never reached.
      case undercuts(Int)
    }

    public let id: LimitID
    public let other: LimitID
    public let kind: Kind
  }

  /// - Parameter countries: how many are served.
  public func misfits(countries: Int) -> [Misfit] {
    var misfits: [Misfit] = []
    for (inner, outer) in Self.nested {
      if let count = limits[inner]?.count, let most = limits[outer]?.count, count > most {
        misfits.append(Misfit(id: inner, other: outer, kind: .neverReached))
      }
    }
    func undercut(_ id: LimitID, times: Int, _ other: LimitID) {
      guard let count = limits[id]?.count, let most = limits[other]?.count, count * times < most else { return }
      misfits.append(Misfit(id: id, other: other, kind: .undercuts(count * times)))
    }
    undercut(.siteHour, times: 24, .siteDay)
    undercut(.countryHour, times: max(1, countries), .siteHour)
    return misfits
  }
}
