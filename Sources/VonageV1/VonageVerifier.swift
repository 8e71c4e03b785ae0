public import Curl
internal import Glibc
public import Verification

/// Vonage's Verify API, version 1, as a verifier.
///
/// Credentials are sent as `Authorization: Basic`, as in the current specification and Vonage's own SDKs: not in the
/// URL, which gateways log, and not in the form, which then contains only the request.
///
/// No request is repeated once any byte may have reached Vonage: a start costs money, and a check uses up the code. If
/// nothing was sent (resolving, connecting or TLS failed), it is tried once more after a short delay.
///
/// All requests of one operation, up to three, share the client's timeout: the web server waits only slightly longer
/// than that.
public struct VonageVerifier: Verifier {
  private let settings: VonageSettings
  private let client: Client
  private let clock: @Sendable () -> Timestamp
  private let now: @Sendable () -> ContinuousClock.Instant
  private let backoff: @Sendable () async -> Void
  private let startURL: ServiceURL
  private let checkURL: ServiceURL
  private let controlURL: ServiceURL

  /// - Parameters:
  ///   - client: makes the requests; its timeout applies to each operation as a whole.
  ///   - backoff: waits before the second try.
  ///   - clock: the current time.
  ///   - now: the clock that the timeout is measured by.
  public init(
    _ settings: VonageSettings, client: Client, backoff: @escaping @Sendable () async -> Void = Self.shortBackoff,
    clock: @escaping @Sendable () -> Timestamp = Self.wallClock,
    now: @escaping @Sendable () -> ContinuousClock.Instant = { .now }
  ) {
    self.settings = settings
    self.client = client
    self.clock = clock
    self.now = now
    self.backoff = backoff
    startURL = settings.url.appending("verify", "json")
    checkURL = settings.url.appending("verify", "check", "json")
    controlURL = settings.url.appending("verify", "control", "json")
  }

  public static let shortBackoff = shortBackoff { try? await Task.sleep(for: $0) }  // Canceled: the next request fails.

  /// 200 to 300 ms: random, so that visitors whose requests failed together do not retry together.
  ///
  /// - Parameter sleep: waits for the given time.
  public static func shortBackoff(
    by sleep: @escaping @Sendable (Duration) async -> Void
  ) -> @Sendable () async -> Void {
    { await sleep(.milliseconds(Int.random(in: 200...300))) }
  }

  /// The machine's wall clock.
  public static let wallClock: @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: Int64(time(nil))) }

  public var provider: Provider { .vonageV1 }

  public var capabilities: VerifierCapabilities {
    VerifierCapabilities(
      codeLength: Self.codeLength...Self.codeLength, codeLifetime: settings.pinLifetime, channels: [.text, .call])
  }

  /// Vonage makes codes of 4 or 6 digits.
  private static let codeLength = 6

  public func start(
    _ number: PhoneNumber, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome {
    try await start(number, by: channel, languages: languages, until: end())
  }

  private func start(
    _ number: PhoneNumber, by channel: Channel, languages: [String], until end: ContinuousClock.Instant
  ) async throws(VerifierFailure) -> SendOutcome {
    let workflow = settings.workflow(for: channel)
    // A single step has no next event to wait for.
    let wait = workflow.count > 1 ? settings.nextEventWait : nil
    var form = FormBody()
    form.append("number", number.digits)
    form.append("brand", settings.brand)
    form.append("code_length", String(Self.codeLength))
    // Without `country`: with it, Vonage would read the number as a national one, but it has its country code.
    form.append("sender_id", ifAny: settings.senderID)
    form.append("lg", ifAny: VonageLanguage(for: languages)?.tag)
    form.append("workflow_id", String(workflow.id))
    form.append("pin_expiry", ifAny: settings.pinExpiry.map { String($0.components.seconds) })
    form.append("next_event_wait", ifAny: wait.map { String($0.components.seconds) })
    let answer = try await ask(startURL, form, until: end)
    return try answer.status.startOutcome(answer.requestID)
  }

  public func check(_ code: Code, of attempt: Attempt) async throws(VerifierFailure) -> CheckOutcome {
    let request = attempt.requestID
    var form = FormBody()
    form.append("request_id", request.value)
    form.append("code", code.digits)
    let answer = try await ask(checkURL, form, until: end())
    let outcome = try answer.status.checkOutcome()
    // A success that names a different request, or has a malformed id, is not this visitor's.
    guard outcome != .verified || answer.mayBe(about: request) else {
      throw VerifierFailure(
        .malformedAnswer, code: VonageStatus.code("0"), detail: "status 0 for another request_id")
    }
    return outcome
  }

  public func sendAgain(
    _ attempt: Attempt, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome {
    let (now, end) = (clock(), end())
    let wanted = settings.workflow(for: channel).first
    let wait = attempt.channel == .text ? settings.nextEventWait : nil
    if settings.workflow(for: attempt.channel).next(of: attempt, at: now, wait: wait) == wanted {
      switch try await control(attempt.requestID, .triggerNextEvent, until: end) {
      case .done: return .sent(attempt.requestID)
      // This step is not available, or none is left at all.
      case .notNow, .gone: break
      }
    }
    switch try await cancelBeforeSend(attempt, until: end) {
    case .cancelled: break
    case .tooEarly(let wait): return .tooEarly(wait)
    case .tooLate: return .exhausted
    // If it is over before its time, it was verified or canceled; if after, nothing prevents a new one.
    case .gone where now - attempt.lastSentAt >= settings.pinLifetime: break
    case .gone: return .gone
    }
    return try await startAfterEnd(attempt.number, by: channel, languages: languages, until: end)
  }

  public func cancel(_ attempt: Attempt) async throws(VerifierFailure) -> CancelOutcome {
    try await cancel(attempt, until: end())
  }

  private func cancel(
    _ attempt: Attempt, until end: ContinuousClock.Instant
  ) async throws(VerifierFailure) -> CancelOutcome {
    let age = clock() - attempt.requestStartedAt
    // If the clock was set back, the age means nothing: Vonage has to decide.
    if age >= .zero, age < Self.earliestCancel { return .tooEarly(Self.earliestCancel - age) }
    switch try await control(attempt.requestID, .cancel, until: end) {
    case .done: return .cancelled
    case .gone: return .gone
    case .notNow: return age < .zero ? .tooEarly(Self.earliestCancel) : .tooLate
    }
  }

  /// Vonage does not cancel anything younger than 30 s (specification 1.2.4, `verifyControl`). One second more, because
  /// a timestamp has no fractions. A refusal after that means that it was too late.
  static let earliestCancel: Duration = .seconds(31)

  /// Cancels before a new start; any failure happens before anything is sent.
  private func cancelBeforeSend(
    _ attempt: Attempt, until end: ContinuousClock.Instant
  ) async throws(VerifierFailure) -> CancelOutcome {
    do {
      return try await cancel(attempt, until: end)
    } catch {
      throw error.beforeSending()
    }
  }

  /// Starts a new request in place of one that is now over, whatever the outcome. It does not start with less than a
  /// third of the time left: the response would hardly arrive in time, and the message would go to a visitor who has no
  /// page for it.
  private func startAfterEnd(
    _ number: PhoneNumber, by channel: Channel, languages: [String], until end: ContinuousClock.Instant
  ) async throws(VerifierFailure) -> SendOutcome {
    do throws(VerifierFailure) {
      guard end - now() >= client.timeout / 3 else {
        throw VerifierFailure(.notReachedInTime, detail: "POST \(startURL): not begun, too little time was left")
      }
      return try await start(number, by: channel, languages: languages, until: end)
    } catch {
      throw error.afterEndingRequest()
    }
  }

  private enum Command: String {
    case cancel
    case triggerNextEvent = "trigger_next_event"
  }

  private func control(
    _ request: RequestID, _ command: Command, until end: ContinuousClock.Instant
  ) async throws(VerifierFailure) -> VonageStatus.ControlOutcome {
    var form = FormBody()
    form.append("request_id", request.value)
    form.append("cmd", command.rawValue)
    return try await ask(controlURL, form, until: end).status.controlOutcome()
  }

  /// When an operation that begins now times out.
  private func end() -> ContinuousClock.Instant { now() + client.timeout }

  private func ask(
    _ url: ServiceURL, _ form: FormBody, until end: ContinuousClock.Instant
  ) async throws(VerifierFailure) -> VonageAnswer {
    let answer: Answer
    do {
      answer = try await send(Request(.post(form), url, credentials: settings.credentials), until: end)
    } catch {
      throw VerifierFailure(error)
    }
    return try VonageAnswer(answer)
  }

  private func send(_ request: Request, until end: ContinuousClock.Instant) async throws(CurlFailure) -> Answer {
    do {
      return try await client.send(request, until: end)
    } catch {
      guard Self.isWorthASecondTry(error) else { throw error }
    }
    await backoff()
    return try await client.send(request, until: end)
  }

  /// A failed connection may succeed a moment later. A connection that timed out has had its time, and a certificate
  /// will not get better.
  private static func isWorthASecondTry(_ failure: CurlFailure) -> Bool {
    guard !failure.mayHaveBeenSent else { return false }
    switch failure.kind {
    case .couldNotResolve, .couldNotConnect, .tlsFailed, .connectionLost: return true
    case .untrustedCertificate, .timedOut, .tooLarge, .notHTTP, .cancelled, .closed, .other: return false
    }
  }
}

extension FormBody {
  /// Appends a field if it has a value.
  fileprivate mutating func append(_ name: String, ifAny value: String?) {
    if let value { append(name, value) }
  }
}
