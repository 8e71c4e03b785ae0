internal import Limits

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
    guard closedUntil <= now else { return nil }
    trim(to: conversionGuard, now: now)
    let judged = judged(by: terms, now: now)
    guard isPoor(judged, by: terms) else { return nil }
    let isAgain = closedUntil > 0 && closedUntil + Self.quiet > now
    closings = isAgain ? closings + 1 : 1
    // Twenty doublings of the shortest time are beyond any longest one.
    let span = min(terms.closes.milliseconds << min(closings - 1, 20), terms.closesAtMost.milliseconds)
    closedUntil = now + span
    return .closed(
      conversionGuard.row, conversionGuard.key, for: .milliseconds(span), sends: judged, verified: verified.total)
  }

  /// Opens what is closed if it would not be closed for what is known of its sends by now. That it was closed then counts
  /// for nothing: the next closing is no longer for it.
  ///
  /// - Returns: the notice of an opening that happened just now.
  mutating func reopen(_ conversionGuard: ConversionGuard, now: Int64) -> LimitNotice? {
    let terms = conversionGuard.terms
    guard closedUntil > now else { return nil }
    let judged = judged(by: terms, now: now)
    guard !isPoor(judged, by: terms) else { return nil }
    closedUntil = now
    closings = max(0, closings - 1)
    return .opened(conversionGuard.row, conversionGuard.key, sends: judged, verified: verified.total)
  }

  /// Counts a success, which may open it.
  ///
  /// There are never more of them than sends: one whose send was taken out, because nobody knew that it was sent, would
  /// stand for another's. The oldest give way, whose sends are the first to leave the window.
  mutating func verify(_ conversionGuard: ConversionGuard, now: Int64) -> LimitNotice? {
    trim(to: conversionGuard, now: now)
    verified.add(conversionGuard.limit, now: now)
    verified.keep(atMost: sent.total)
    return reopen(conversionGuard, now: now)
  }

  /// Takes a send away that was charged then, which may open it.
  mutating func remove(sendAt time: Int64, _ conversionGuard: ConversionGuard, now: Int64) -> LimitNotice? {
    sent.remove(at: time, conversionGuard.limit, now: now)
    return reopen(conversionGuard, now: now)
  }

  /// Forgets what has left the window. Not while it is closed: what it was closed for is what has to become better.
  private mutating func trim(to conversionGuard: ConversionGuard, now: Int64) {
    guard closedUntil <= now else { return }
    sent.trim(to: conversionGuard.limit, now: now)
    verified.trim(to: conversionGuard.limit, now: now)
  }

  private func judged(by terms: ConversionGuard.Terms, now: Int64) -> Int {
    sent.total(upTo: now - terms.grace.milliseconds)
  }

  private func isPoor(_ judged: Int, by terms: ConversionGuard.Terms) -> Bool {
    judged >= terms.sends && verified.total * 100 < judged * terms.percent
  }

  private static let quiet = Duration.day.milliseconds

  func wait(now: Int64) -> Int64 { max(0, closedUntil - now) }

  /// How many sends there were in the window.
  func sends(in conversionGuard: ConversionGuard, now: Int64) -> Int {
    var sent = sent
    sent.trim(to: conversionGuard.limit, now: now)
    return sent.total
  }

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
