public import Limits
internal import Threads
package import Tokens
internal import Verification

/// Asks a third party about what its widget gave a visitor: each response once, and for each source so often only.
///
/// A question costs the third party's patience and a record in the store, and whoever sends made-up responses wants nothing
/// else. So what comes from one address, net or browser is counted, in names of its own: nobody's messages or tries of a PIN
/// are used up by it. Only what is the visitor's own fault stays counted, so that a shared address is worn out neither by those who
/// pass nor by the third party's failures. Whoever shares a source with a flooder gets a place in line: work would be what the
/// flooder wants.
public final class WidgetCheck: Sendable {
  public typealias Ask = @Sendable (String) async -> WidgetFinding

  private let store: any CounterStore
  private let ask: Ask
  /// Whoever sends forms without end shall not keep the client from asking for messages.
  private let questions = AtOnce(64, ofSource: 4)
  /// Those who wait for what becomes of another form with the same response.
  private let repeats = AtOnce(64, ofSource: 4)
  /// When this process last wrote down that somebody passed.
  private let notedAt = Locked<Timestamp?>(nil)

  /// - Parameters:
  ///   - store: counts the questions.
  ///   - ask: asks the third party, about a response that looks like one.
  public init(store: any CounterStore, ask: @escaping Ask) {
    self.store = store
    self.ask = ask
  }

  /// What comes of a response that a visitor brings.
  ///
  /// - Throws: when the question cannot be counted, and then nobody is asked; or when it cannot be told whose fault it is that
  ///   somebody does not pass.
  func result(
    of response: WidgetResponse, by visitor: VisitorKeys, _ keys: CounterKeys, at now: Timestamp
  ) async throws(StoreFailure) -> WidgetResult {
    switch questions.enter(visitor.net) {
    case .entered: break
    case .sourceIsFull: return .netIsFull
    case .isFull: return .isFull
    }
    defer { questions.leave(visitor.net) }
    let key = keys.widgetResponse(response.text)
    let reservation: Reservation
    switch try await store.reserve(Self.question(about: key, by: visitor, keys)).result {
    case .permitted(let permit): reservation = permit.reservation
    case .consumed, .replayed: return .used
    case .refused(let refusal):
      return refusal.reasons.contains { $0.id == .requestWrong } ? .used : .tooOften
    }
    return try await settled(await ask(response.text), key, reservation, keys, at: now)
  }

  /// Gives back what is not the visitor's fault; the response stays used.
  @inline(never)
  private func settled(
    _ finding: WidgetFinding, _ response: CounterKey, _ reservation: Reservation, _ keys: CounterKeys, at now: Timestamp
  ) async throws(StoreFailure) -> WidgetResult {
    switch finding {
    case .refused: return .said(finding)
    case .broken(.keys(let reason)):
      if try await hasPassed(keys) { return .said(.refused(reason)) }
    case .passed: await notePassed(keys, at: now)
    case .broken, .failed: break
    }
    // If it is not given back it stays counted, which costs no more than a place in line.
    _ = try? await store.consume(
      OneTimeUse(key: response, life: ChallengeToken.life, reservation: reservation, cleared: [], trustedLife: .zero))
    return .said(finding)
  }

  /// Whether a form may wait for what becomes of another one with the same response; it leaves later if so.
  func mayWait(_ visitor: VisitorKeys) -> Bool { repeats.enter(visitor.net) == .entered }

  func endWait(_ visitor: VisitorKeys) { repeats.leave(visitor.net) }

  /// Whether somebody passed within the hour, in any process: then the two keys belong together.
  private func hasPassed(_ keys: CounterKeys) async throws(StoreFailure) -> Bool {
    try await store.counts(of: [Self.passed(keys)]).contains { $0.count > 0 }
  }

  /// Writes it down for all processes, once a minute.
  private func notePassed(_ keys: CounterKeys, at now: Timestamp) async {
    let isDue = notedAt.with { last in
      // After a clock was set back it is due, too.
      if let last, last <= now, now - last < .seconds(60) { return false }
      last = now
      return true
    }
    guard isDue else { return }
    // If it cannot be written down, the next one is.
    let pair = ReservationRequest.Pair(number: keys.widgetPassed, browser: keys.widgetPassed)
    let request = ReservationRequest(pair: pair, rules: [Self.passed(keys)])
    do throws(StoreFailure) {
      _ = try await store.reserve(request)
    } catch {
      notedAt.with { $0 = nil }
    }
  }

  private static func passed(_ keys: CounterKeys) -> Rule {
    Rule(.requestWrong, keys.widgetPassed, Limit(60, per: .hour))
  }

  /// Counts a response as asked about, and as a bad one of its source, in one step: or neither.
  private static func question(
    about response: CounterKey, by visitor: VisitorKeys, _ keys: CounterKeys
  ) -> ReservationRequest {
    let browser = keys.widgetSource(visitor.browser)
    var rules = [Rule(.requestWrong, response, Limit(1, per: ChallengeToken.life))]
    rules += Self.rules(ofAddress: visitor.address, net: visitor.net, wideNet: visitor.wideNet, keys)
    // Without a cookie it is no more than an address, which is counted as one.
    if visitor.hasCookie { rules.append(Rule(.browserTries, browser, ofBrowser)) }
    return ReservationRequest(
      pair: ReservationRequest.Pair(number: response, browser: browser), rules: rules, oneTimeKey: response)
  }

  /// Where the bad responses of an address and of its nets are counted.
  package static func rules(
    ofAddress address: CounterKey, net: CounterKey, wideNet: CounterKey?, _ keys: CounterKeys
  ) -> [Rule] {
    let rules = [
      Rule(.addressWrongHour, keys.widgetSource(address), ofAddress),
      Rule(.netWrongHour, keys.widgetSource(net), ofNet),
    ]
    guard let wideNet else { return rules }
    return rules + [Rule(.netWrongHour, keys.widgetSource(wideNet), ofWideNet)]
  }

  static let ofBrowser = Limit(5, per: .seconds(600))
  static let ofAddress = Limit(30, per: .hour)
  static let ofNet = Limit(300, per: .hour)
  static let ofWideNet = Limit(1_000, per: .hour)
}
