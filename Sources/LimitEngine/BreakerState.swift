internal import Limits

/// What a conversion breaker remembers.
struct BreakerState: Sendable, Hashable {
  var sent = RollingCounter()
  var verified = RollingCounter()
  /// Until when it is open, or was: 0 if never.
  private(set) var openUntil: Int64 = 0
  /// How often it opened without a day's quiet between.
  private(set) var openings: Int64 = 0

  /// Opens if it must.
  ///
  /// - Returns: the notice of an opening that happened just now.
  mutating func evaluate(_ breaker: ConversionBreaker, now: Int64) -> LimitNotice? {
    let terms = breaker.terms
    guard openUntil <= now else { return nil }
    trim(to: breaker, now: now)
    let sends = sendsToEvaluate(by: terms, now: now)
    guard isPoor(sends, by: terms) else { return nil }
    let isAgain = openUntil > 0 && openUntil + Self.quiet > now
    openings = isAgain ? openings + 1 : 1
    // Twenty doublings of the shortest time are beyond any longest one.
    let span = min(terms.opens.milliseconds << min(openings - 1, 20), terms.opensAtMost.milliseconds)
    openUntil = now + span
    return .breakerOpened(
      breaker.id, breaker.key, for: .milliseconds(span), sends: sends, verified: verified.total)
  }

  /// Closes before its time if it would not open for what is known of its sends by now. That it was open then counts for
  /// nothing: the next opening is no longer for it.
  ///
  /// - Returns: the notice of a closing that happened just now.
  mutating func close(_ breaker: ConversionBreaker, now: Int64) -> LimitNotice? {
    let terms = breaker.terms
    guard openUntil > now else { return nil }
    let sends = sendsToEvaluate(by: terms, now: now)
    guard !isPoor(sends, by: terms) else { return nil }
    openUntil = now
    openings = max(0, openings - 1)
    return .breakerClosed(breaker.id, breaker.key, sends: sends, verified: verified.total)
  }

  /// Counts a success, which may close it.
  ///
  /// There are never more of them than sends: one whose send was taken out, because nobody knew that it was sent, would
  /// stand for another's. The oldest give way, whose sends are the first to leave the window.
  mutating func verify(_ breaker: ConversionBreaker, now: Int64) -> LimitNotice? {
    trim(to: breaker, now: now)
    verified.add(breaker.limit, now: now)
    verified.keep(atMost: sent.total)
    return close(breaker, now: now)
  }

  /// Takes a send away that was reserved then, which may close it.
  mutating func remove(sendAt time: Int64, _ breaker: ConversionBreaker, now: Int64) -> LimitNotice? {
    sent.remove(at: time, breaker.limit, now: now)
    return close(breaker, now: now)
  }

  /// Forgets what has left the window. Not while it is open: what it opened for is what has to become better.
  private mutating func trim(to breaker: ConversionBreaker, now: Int64) {
    guard openUntil <= now else { return }
    sent.trim(to: breaker.limit, now: now)
    verified.trim(to: breaker.limit, now: now)
  }

  private func sendsToEvaluate(by terms: ConversionBreaker.Terms, now: Int64) -> Int {
    sent.total(upTo: now - terms.grace.milliseconds)
  }

  private func isPoor(_ sends: Int, by terms: ConversionBreaker.Terms) -> Bool {
    sends >= terms.sends && verified.total * 100 < sends * terms.percent
  }

  private static let quiet = Duration.day.milliseconds

  func wait(now: Int64) -> Int64 { max(0, openUntil - now) }

  /// How many sends there were in the window.
  func sends(in breaker: ConversionBreaker, now: Int64) -> Int {
    var sent = sent
    sent.trim(to: breaker.limit, now: now)
    return sent.total
  }

  func expires(_ breaker: ConversionBreaker) -> Int64 {
    let limit = breaker.limit
    return max(sent.expires(limit), verified.expires(limit), openUntil + Self.quiet)
  }
}

extension BreakerState {
  /// - Parameter record: empty where there is none.
  init(_ record: ArraySlice<UInt8>) throws(StoreFailure) {
    guard !record.isEmpty else { return }
    var reader = RecordReader(record)
    openUntil = try reader.takeTime()
    openings = try reader.takeTime()
    sent = try RollingCounter(try reader.takeSlice())
    verified = try RollingCounter(try reader.takeSlice())
    try reader.finish()
  }

  func put(in writer: inout RecordWriter) {
    writer.put(openUntil)
    writer.put(openings)
    writer.putField { sent.put(in: &$0) }
    writer.putField { verified.put(in: &$0) }
  }
}
