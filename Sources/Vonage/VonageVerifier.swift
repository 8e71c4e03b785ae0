public import Curl
public import Verification

/// Vonage's Verify API, version 1, as a verifier.
///
/// Credentials go as `Authorization: Basic`, as the current specification and Vonage's own SDKs have it: not in the URL,
/// which gateways log, nor in the form, which then holds nothing but the request.
///
/// Nothing is asked twice once a byte may have reached Vonage: a start costs money, and a check uses the code up. When
/// nothing was sent (name, connection or TLS failed), it is tried once more after a short pause.
public struct VonageVerifier: Verifier {
  private let settings: VonageSettings
  private let client: Client
  private let pause: @Sendable () async -> Void

  /// - Parameters:
  ///   - client: makes the requests; its time-outs are the verifier's.
  ///   - pause: what to wait for before the second try.
  public init(
    _ settings: VonageSettings, client: Client, pause: @escaping @Sendable () async -> Void = Self.shortPause
  ) {
    self.settings = settings
    self.client = client
    self.pause = pause
  }

  /// 200 to 300 ms: at random, so that visitors who failed together do not come again together.
  public static let shortPause: @Sendable () async -> Void = {
    try? await Task.sleep(for: .milliseconds(Int.random(in: 200...300)))  // cancelled: the next request says so
  }

  public func start(_ number: PhoneNumber, languages: [String]) async throws(VerifierFailure) -> StartOutcome {
    var form = FormBody()
    form.append("number", number.digits)
    form.append("brand", settings.brand)
    form.append("code_length", "6")
    form.append("country", ifAny: settings.country)
    form.append("sender_id", ifAny: settings.senderID)
    form.append("lg", ifAny: VonageLanguage(for: languages)?.tag)
    form.append("workflow_id", ifAny: settings.workflowID.map { String($0) })
    form.append("pin_expiry", ifAny: settings.pinExpiry.map { String($0.components.seconds) })
    form.append("next_event_wait", ifAny: settings.nextEventWait.map { String($0.components.seconds) })
    let answer = try await ask(settings.url.appending("verify", "json"), form)
    return try answer.status.startOutcome(answer.requestID)
  }

  public func check(_ code: Code, of request: RequestID) async throws(VerifierFailure) -> CheckOutcome {
    var form = FormBody()
    form.append("request_id", request.value)
    form.append("code", code.digits)
    let answer = try await ask(settings.url.appending("verify", "check", "json"), form)
    let outcome = try answer.status.checkOutcome()
    // A success that names another request is not this visitor's.
    if outcome == .verified, let named = answer.requestID, named != request {
      throw VerifierFailure(.malformedAnswer, detail: "status 0 for another request_id")
    }
    return outcome
  }

  private func ask(_ url: ServiceURL, _ form: FormBody) async throws(VerifierFailure) -> VonageAnswer {
    let answer: Answer
    do {
      answer = try await send(Request(.post(form), url, credentials: settings.credentials))
    } catch {
      throw VerifierFailure(error)
    }
    return try VonageAnswer(answer)
  }

  private func send(_ request: Request) async throws(CurlFailure) -> Answer {
    do {
      return try await client.send(request)
    } catch {
      guard Self.isWorthASecondTry(error) else { throw error }
    }
    await pause()
    return try await client.send(request)
  }

  /// A connection that did not come about may do so in a moment. One that took too long has had its time, and a
  /// certificate will not be better.
  private static func isWorthASecondTry(_ failure: CurlFailure) -> Bool {
    guard !failure.mayHaveBeenSent else { return false }
    switch failure.kind {
    case .couldNotResolve, .couldNotConnect, .tlsFailed, .connectionLost: return true
    case .untrustedCertificate, .timedOut, .tooLarge, .notHTTP, .cancelled, .closed, .other: return false
    }
  }
}

extension FormBody {
  /// Adds a field that has a value.
  fileprivate mutating func append(_ name: String, ifAny value: String?) {
    if let value { append(name, value) }
  }
}
