/// What a conversion guard remembers.
struct GuardState: Sendable, Hashable {
  var sent = RollingCounter()
  var verified = RollingCounter()
  /// Until when it is closed, or was: 0 if never.
  private(set) var closedUntil: Int64 = 0
  /// How often it closed without a day's quiet between.
  private(set) var closings: Int64 = 0

  /// Closes if it must.
  ///
  /// - Returns: the notice of a closing that happened just now.
  mutating func judge(_ conversionGuard: ConversionGuard, now: Int64) -> LimitNotice? {
    let terms = conversionGuard.terms
    let limit = Self.limit(terms)
    sent.trim(to: limit, now: now)
    verified.trim(to: limit, now: now)
    guard closedUntil <= now else { return nil }
    let judged = sent.total(upTo: now - terms.grace.milliseconds)
    guard judged >= terms.sends, verified.total * 100 < judged * terms.percent else { return nil }
    let isAgain = closedUntil > 0 && closedUntil + Duration.day.milliseconds > now
    closings = isAgain ? closings + 1 : 1
    // Twenty doublings of the shortest time are beyond any longest one.
    let span = min(terms.closes.milliseconds << min(closings - 1, 20), terms.closesAtMost.milliseconds)
    closedUntil = now + span
    return .closed(
      conversionGuard.row, conversionGuard.key, for: .milliseconds(span), sends: judged, verified: verified.total)
  }

  func wait(now: Int64) -> Int64 { max(0, closedUntil - now) }

  static func limit(_ terms: ConversionGuard.Terms) -> Limit { Limit(1_000_000, per: terms.window) }

  func expires(_ terms: ConversionGuard.Terms) -> Int64 {
    max(
      sent.expires(Self.limit(terms)), verified.expires(Self.limit(terms)),
      closedUntil + Duration.day.milliseconds)
  }
}

extension GuardState {
  init(_ record: [UInt8]?) throws(StoreFailure) {
    guard let record else { return }
    var reader = RecordReader(record)
    closedUntil = try reader.take()
    closings = try reader.take()
    sent = try RollingCounter(try reader.takeField())
    verified = try RollingCounter(try reader.takeField())
    try reader.finish()
  }

  var record: [UInt8] {
    var writer = RecordWriter()
    writer.put(closedUntil)
    writer.put(closings)
    writer.put(sent.record)
    writer.put(verified.record)
    return writer.bytes
  }
}
