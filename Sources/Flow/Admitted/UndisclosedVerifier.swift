internal import Threads
internal import Tokens
internal import Verification

/// The verifier of a site where only some numbers may get a PIN, and nobody may learn which. For any other number it acts as if
/// it asked the provider, but asks nobody.
///
/// Outsiders could tell the two apart by what is said and by when it is said. So the outcomes are those of an ordinary
/// day: a message is sent, another one is sent on request, every PIN is wrong, and a request runs until it expires. And
/// every answer, including the provider's own, is delayed to a whole number of seconds after the question; without the
/// provider, the number is that of one of the provider's recent answers.
///
/// What it has learned is known only to this process: a CGI program, which answers once, knows no recent answers and no
/// running requests.
final class UndisclosedVerifier: Verifier {
  private let verifier: any Verifier
  private let admits: @Sendable (PhoneNumber) -> Bool
  private let decoys: Decoys
  private let clock: @Sendable () -> Timestamp
  private let now: @Sendable () -> ContinuousClock.Instant
  private let sleep: @Sendable (Duration) async -> Void
  private let lately = Locked(Lately())

  /// What this process knows about recent answers and running decoys.
  private struct Lately {
    /// How long the provider's recent answers took, in whole seconds.
    var times: [Int64] = []
    /// The running decoys, by number.
    var running: [PhoneNumber: Decoy] = [:]
  }

  private struct Decoy {
    let request: RequestID
    let endsAt: Timestamp
    var wrongCodes = 0
  }

  /// - Parameters:
  ///   - admits: whether a number may have a PIN now.
  ///   - clock: the time of day.
  ///   - now: the clock that delays are measured with.
  init(
    _ verifier: any Verifier, admits: @escaping @Sendable (PhoneNumber) -> Bool, decoys: Decoys,
    clock: @escaping @Sendable () -> Timestamp, now: @escaping @Sendable () -> ContinuousClock.Instant = { .now },
    sleep: @escaping @Sendable (Duration) async -> Void
  ) {
    self.verifier = verifier
    self.admits = admits
    self.decoys = decoys
    self.clock = clock
    self.now = now
    self.sleep = sleep
  }

  var provider: Provider { verifier.provider }

  var capabilities: VerifierCapabilities { verifier.capabilities }

  func start(
    _ number: PhoneNumber, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome {
    guard admits(number) else { return await decoy { self.startDecoy(number) } }
    return try await real { () async throws(VerifierFailure) in
      undisclosed(try await verifier.start(number, by: channel, languages: languages), number)
    }
  }

  func check(_ code: Code, of attempt: Attempt) async throws(VerifierFailure) -> CheckOutcome {
    guard admits(attempt.number), !decoys.hasMade(attempt.requestID) else {
      return await decoy { self.checkDecoy(attempt) }
    }
    return try await real { () async throws(VerifierFailure) in try await verifier.check(code, of: attempt) }
  }

  func sendAgain(
    _ attempt: Attempt, by channel: Channel, languages: [String]
  ) async throws(VerifierFailure) -> SendOutcome {
    guard admits(attempt.number), !decoys.hasMade(attempt.requestID) else {
      return await decoy { self.startDecoy(attempt.number, again: true) }
    }
    return try await real { () async throws(VerifierFailure) in
      undisclosed(try await verifier.sendAgain(attempt, by: channel, languages: languages), attempt.number)
    }
  }

  func cancel(_ attempt: Attempt) async throws(VerifierFailure) -> CancelOutcome {
    guard admits(attempt.number), !decoys.hasMade(attempt.requestID) else {
      return await decoy {
        lately.with { $0.running[attempt.number] = nil }
        return .cancelled
      }
    }
    return try await real { () async throws(VerifierFailure) in try await verifier.cancel(attempt) }
  }

  /// A number that the provider refuses would reveal that it exists.
  private func undisclosed(_ outcome: SendOutcome, _ number: PhoneNumber) -> SendOutcome {
    switch outcome {
    case .badNumber, .unsupportedDestination, .blocked: startDecoy(number)
    case .sent, .alreadyRunning, .tooEarly, .exhausted, .gone: outcome
    }
  }

  // MARK: Decoys

  private func startDecoy(_ number: PhoneNumber, again: Bool = false) -> SendOutcome {
    let now = clock()
    let new = Decoy(request: decoys.request(of: verifier.provider), endsAt: now + verifier.capabilities.codeLifetime)
    return lately.with { lately in
      if let running = lately.running[number], now < running.endsAt, !again { return .alreadyRunning(running.request) }
      if lately.running.count >= Self.mostRunning { lately.running = lately.running.filter { now < $0.value.endsAt } }
      // Beyond that, whoever requests that many within minutes learns nothing more.
      if lately.running.count < Self.mostRunning { lately.running[number] = new }
      return .sent(new.request)
    }
  }

  private func checkDecoy(_ attempt: Attempt) -> CheckOutcome {
    guard clock() < attempt.lastSentAt + verifier.capabilities.codeLifetime else { return .gone }
    return lately.with { lately in
      guard var running = lately.running[attempt.number], running.request == attempt.requestID else {
        return .wrongCode
      }
      running.wrongCodes += 1
      lately.running[attempt.number] = running.wrongCodes < Self.mostWrongCodes ? running : nil
      return .wrongCode
    }
  }

  private static let mostRunning = 10_000
  /// How many wrong PINs providers accept before they end a request.
  private static let mostWrongCodes = 3

  // MARK: Times

  private func real<Outcome: Sendable>(
    _ ask: () async throws(VerifierFailure) -> Outcome
  ) async throws(VerifierFailure) -> Outcome {
    let begun = now()
    do throws(VerifierFailure) {
      let outcome = try await ask()
      await even(since: begun)
      return outcome
    } catch {
      await even(since: begun)
      throw error
    }
  }

  private func even(since begun: ContinuousClock.Instant) async {
    let taken = now() - begun
    let seconds = max(1, (taken / .seconds(1)).rounded(.up))
    lately.with { lately in
      lately.times.append(Int64(seconds))
      if lately.times.count > Self.mostTimes { lately.times.removeFirst() }
    }
    await sleep(.seconds(seconds) - taken)
  }

  private func decoy<Outcome: Sendable>(_ outcome: () -> Outcome) async -> Outcome {
    let begun = now()
    let made = outcome()
    let seconds = lately.with { $0.times.randomElement() ?? 1 }
    await sleep(.seconds(seconds) - (now() - begun))
    return made
  }

  private static let mostTimes = 64
}
