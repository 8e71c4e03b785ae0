public import Limits
internal import Threads
internal import Tokens
internal import Verification

/// Asks a third party about what its widget gave a visitor: each response once, and for each source so often only.
///
/// A question costs the third party's patience and a record in the store, and whoever sends made-up responses wants nothing
/// else. So what comes from one address, net or browser is counted, in names of its own: nobody's messages or tries of a PIN
/// are used up by it. A response that is good is given back, so that a shared address is not worn out by those who pass. Whoever
/// shares a source with a flooder is asked for work instead, and passes.
public final class WidgetCheck: Sendable {
  public typealias Ask = @Sendable (String) async -> WidgetFinding

  private let store: any CounterStore
  private let ask: Ask
  /// Whoever sends forms without end shall not keep the client from asking for messages.
  private let questions = AtOnce(64, ofSource: 4)
  /// Those who wait for what becomes of another form with the same response.
  private let repeats = AtOnce(64, ofSource: 4)
  private let passedAt = Locked<Timestamp?>(nil)

  /// - Parameters:
  ///   - store: counts the questions.
  ///   - ask: asks the third party, about a response that looks like one.
  public init(store: any CounterStore, ask: @escaping Ask) {
    self.store = store
    self.ask = ask
  }

  /// What comes of a response that a visitor brings.
  ///
  /// - Throws: when the question cannot be counted; then nobody is asked.
  func result(
    of response: WidgetResponse, by visitor: VisitorKeys, _ keys: CounterKeys, at now: Timestamp
  ) async throws(StoreFailure) -> WidgetResult {
    switch questions.enter(visitor.net) {
    case .entered: break
    case .sourceIsFull: return .limited("at_once")
    case .isFull: return .said(.failed("too many at once"))
    }
    defer { questions.leave(visitor.net) }
    let key = keys.widgetResponse(response.text)
    let reservation: Reservation
    switch try await store.reserve(Self.question(about: key, by: visitor, keys)).result {
    case .permitted(let permit): reservation = permit.reservation
    case .consumed, .replayed: return .used
    case .refused(let refusal):
      return refusal.reasons.contains { $0.id == .requestWrong } ? .used : .limited("too_often")
    }
    let finding = await ask(response.text)
    if finding == .passed {
      passedAt.with { $0 = now }
      // If it is not given back it stays counted, which costs no more than work.
      _ = try? await store.consume(
        OneTimeUse(key: key, life: ChallengeToken.life, reservation: reservation, cleared: [], trustedLife: .zero))
    }
    if case .broken(.keys(let reason)) = finding, hasPassed(at: now) { return .said(.refused(reason)) }
    return .said(finding)
  }

  /// Whether a form may wait for what becomes of another one with the same response; it leaves later if so.
  func mayWait(_ visitor: VisitorKeys) -> Bool { repeats.enter(visitor.net) == .entered }

  func endWait(_ visitor: VisitorKeys) { repeats.leave(visitor.net) }

  /// Whether somebody passed of late: then the two keys belong together.
  private func hasPassed(at now: Timestamp) -> Bool {
    passedAt.with { $0.map { now - $0 < .hour } ?? false }
  }

  /// Counts a response as asked about, and as a bad one of its source, in one step: or neither.
  private static func question(
    about response: CounterKey, by visitor: VisitorKeys, _ keys: CounterKeys
  ) -> ReservationRequest {
    let browser = keys.widgetSource(visitor.browser)
    var rules = [
      Rule(.requestWrong, response, Limit(1, per: ChallengeToken.life)),
      Rule(.addressWrongHour, keys.widgetSource(visitor.address), ofAddress),
      Rule(.netWrongHour, keys.widgetSource(visitor.net), ofNet),
    ]
    if let wideNet = visitor.wideNet { rules.append(Rule(.netWrongHour, keys.widgetSource(wideNet), ofWideNet)) }
    // Without a cookie it is no more than an address, which is counted as one.
    if visitor.hasCookie { rules.append(Rule(.browserTries, browser, ofBrowser)) }
    return ReservationRequest(
      pair: ReservationRequest.Pair(number: response, browser: browser), rules: rules, oneTimeKey: response)
  }

  static let ofBrowser = Limit(5, per: .seconds(600))
  static let ofAddress = Limit(30, per: .hour)
  static let ofNet = Limit(300, per: .hour)
  static let ofWideNet = Limit(1_000, per: .hour)
}
