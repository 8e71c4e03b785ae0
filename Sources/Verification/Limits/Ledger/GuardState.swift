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
    let limit = conversionGuard.limit
    sent.trim(to: limit, now: now)
    verified.trim(to: limit, now: now)
    guard closedUntil <= now else { return nil }
    let judged = sent.total(upTo: now - terms.grace.milliseconds)
    guard judged >= terms.sends, verified.total * 100 < judged * terms.percent else { return nil }
    let isAgain = closedUntil > 0 && closedUntil + Self.quiet > now
    closings = isAgain ? closings + 1 : 1
    // Twenty doublings of the shortest time are beyond any longest one.
    let span = min(terms.closes.milliseconds << min(closings - 1, 20), terms.closesAtMost.milliseconds)
    closedUntil = now + span
    return .closed(
      conversionGuard.row, conversionGuard.key, for: .milliseconds(span), sends: judged, verified: verified.total)
  }

  private static let quiet = Duration.day.milliseconds

  func wait(now: Int64) -> Int64 { max(0, closedUntil - now) }

  func expires(_ conversionGuard: ConversionGuard) -> Int64 {
    let limit = conversionGuard.limit
    return max(sent.expires(limit), verified.expires(limit), closedUntil + Self.quiet)
  }
}

extension GuardState {
  /// - Parameter record: empty where there is none.
  init(_ record: ArraySlice<UInt8>) throws(StoreFailure) {
    guard !record.isEmpty else { return }
    var reader = RecordReader(record)
    closedUntil = try reader.takeTime()
    closings = try reader.takeTime()
    sent = try RollingCounter(try reader.takeSlice())
    verified = try RollingCounter(try reader.takeSlice())
    try reader.finish()
  }

  func put(in writer: inout RecordWriter) {
    writer.put(closedUntil)
    writer.put(closings)
    writer.putField { sent.put(in: &$0) }
    writer.putField { verified.put(in: &$0) }
  }
}
