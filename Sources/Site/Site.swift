public import Gateway
internal import HTTPTypes
public import Logging
public import Verification

/// A whole PinGate site: takes a request through route, form, provider and table to a finished page.
public struct Site: Responder {
  private let settings: SiteSettings
  private let verifier: any Verifier
  private let clock: @Sendable () -> Timestamp
  private let origin: SiteOrigin
  private let seal: AttemptSeal
  private let answers: Answers
  private let startPage: StaticFile
  private let styleSheet: StaticFile

  /// - Parameter clock: what time it is.
  /// - Throws: `StaticFilesFailure` when the settings name a folder whose files cannot be read.
  public init(
    settings: SiteSettings, verifier: any Verifier, keyring: Keyring, pages: Pages, log: Logger,
    clock: @escaping @Sendable () -> Timestamp
  ) throws {
    self.settings = settings
    self.verifier = verifier
    self.clock = clock
    origin = SiteOrigin(allowed: Set(settings.allowedOrigins.map { $0.lowercased() }))
    seal = AttemptSeal(keyring, site: settings.identity)
    answers = Answers(pages: pages, settings: settings, log: log)
    (startPage, styleSheet) = try StaticFile.startPageAndStyleSheet(of: settings, pages: pages)
  }

  public func respond(to request: Request) async -> Response {
    await answer(request).finished(for: request)
  }

  /// The answer of a server that has more requests in flight than it is allowed to have.
  public var overloaded: Response {
    var response = answers.answer(.overloaded, to: Exchange())
    response.fields[.contentLength] = String(response.body.count)
    return response
  }

  private func answer(_ request: Request) async -> Response {
    var exchange = Exchange()
    if let redirection = Mount.redirection(of: request, settings: settings) {
      return redirection
    }
    let path = Mount.path(of: request, below: settings.prefix)
    // An authorizer's 200 would open a door, and there is none yet to which PinGate has the key.
    guard request.role == .responder, let path, let route = Route(path: path) else {
      exchange.home = Mount.home(from: path, prefix: settings.prefix)
      return answers.answer(.notFound, to: exchange)
    }
    guard route.methods.contains(request.method) else {
      return answers.answer(.methodNotAllowed, to: exchange, allow: route.methods)
    }
    switch route {
    case .start: return startPage.response(to: request)
    case .styleSheet: return styleSheet.response(to: request)
    case .register: return await submitted(request, exchange, then: register)
    case .verify: return await submitted(request, exchange, then: verify)
    }
  }

  /// Reads the form of a POST that may have one, and goes on with it.
  private func submitted(
    _ request: Request, _ exchange: Exchange, then next: (Form, Request, Exchange) async -> Response
  ) async -> Response {
    guard origin.admits(request) else { return answers.answer(.crossSite, to: exchange) }
    guard Self.isForm(request.header(.contentType)) else { return answers.answer(.unsupportedType, to: exchange) }
    switch request.body {
    case .tooLarge: return answers.answer(.tooLarge, to: exchange)
    case .lengthMissing: return answers.answer(.lengthMissing, to: exchange)
    case .lengthWrong: return answers.answer(.malformed, to: exchange)
    case .bytes(let bytes):
      do {
        return await next(try Form(urlencoded: bytes), request, exchange)
      } catch {
        return answers.answer(.malformed, to: exchange, details: ["reason": "\(error)"])
      }
    }
  }

  // MARK: POST register

  private func register(_ form: Form, _ request: Request, _ exchange: Exchange) async -> Response {
    let typed = form["number"] ?? ""
    var exchange = exchange
    exchange.typedNumber = typed
    guard typed.contains(where: { !$0.isWhitespace }) else { return answers.answer(.numberMissing, to: exchange) }
    guard let number = PhoneNumber(typed: typed) else { return answers.answer(.numberUnreadable, to: exchange) }
    exchange.number = number

    let languages = Languages.ranked(request.header(.acceptLanguage) ?? "")
    let outcome: StartOutcome
    do {
      outcome = try await verifier.start(number, languages: languages)
    } catch {
      return answers.answer(.startFailed(error.kind), to: exchange, failure: error)
    }
    switch outcome {
    case .started(let requestID): return pending(requestID, isJoined: false, exchange)
    case .alreadyRunning(let requestID): return pending(requestID, isJoined: true, exchange)
    case .badNumber: return answers.answer(.numberRefused, to: exchange)
    case .unsupportedDestination: return answers.answer(.destinationUnsupported, to: exchange)
    case .blocked: return answers.answer(.numberBlocked, to: exchange)
    }
  }

  private func pending(_ requestID: RequestID, isJoined: Bool, _ exchange: Exchange) -> Response {
    guard let number = exchange.number else { return answers.answer(.malfunction, to: exchange) }
    var exchange = exchange
    let now = clock()
    let attempt = Attempt(requestID: requestID, number: number, startedAt: now, sends: 1)
    let pending = Pending(attempt: attempt, typedNumber: exchange.typedNumber, isJoined: isJoined)
    do {
      exchange.token = try seal.seal(pending)
    } catch {
      return answers.answer(.malfunction, to: exchange, details: ["reason": "seal"])
    }
    exchange.pending = pending
    exchange.lifetime = PINLifetime(of: pending, lifetime: settings.pinLifetime, at: now)
    return answers.answer(isJoined ? .alreadyRunning : .sent, to: exchange)
  }

  // MARK: POST verify

  private func verify(_ form: Form, _ request: Request, _ exchange: Exchange) async -> Response {
    var exchange = exchange
    guard let token = form["requestId"], let pending = seal.open(token) else {
      return answers.answer(.foreignRequest, to: exchange)
    }
    let attempt = pending.attempt
    let now = clock()
    exchange.number = attempt.number
    exchange.typedNumber = pending.typedNumber
    exchange.pending = pending
    exchange.token = token
    exchange.lifetime = PINLifetime(of: pending, lifetime: settings.pinLifetime, at: now)
    guard !attempt.isOver(at: now) else { return answers.answer(.expired, to: exchange) }

    let typed = form["pin"] ?? ""
    guard typed.contains(where: { !$0.isWhitespace }) else { return answers.answer(.pinMissing, to: exchange) }
    // A PIN of another length cannot be right: saying so here does not cost the visitor one of the few tries.
    guard let code = Code(typed: typed), code.digits.utf8.count == Self.pinDigits else {
      return answers.answer(.pinUnreadable, to: exchange)
    }

    let outcome: CheckOutcome
    do {
      outcome = try await verifier.check(code, of: attempt.requestID)
    } catch {
      return answers.answer(.checkFailed(error.kind), to: exchange, failure: error)
    }
    let lifetime = PINLifetime(of: pending, lifetime: settings.pinLifetime, at: clock())
    exchange.lifetime = lifetime
    switch outcome {
    case .verified: return answers.answer(.verified, to: exchange)
    case .wrongCode: return answers.answer(lifetime.mayBeOver ? .wrongOrOldPIN : .wrongPIN, to: exchange)
    case .tooManyWrongCodes: return answers.answer(.tooManyWrongPINs, to: exchange)
    // Vonage does not say why a request is no more: only the time tells an expired one from one that was used.
    case .gone: return answers.answer(Self.ending(ofGone: lifetime), to: exchange)
    }
  }

  private static func ending(ofGone lifetime: PINLifetime) -> Ending {
    switch lifetime {
    case .fresh, .left: .used
    case .over: .expired
    case .unknown: .ended
    }
  }

  /// What Vonage is asked for (`code_length`).
  static let pinDigits = 6

  private static func isForm(_ contentType: String?) -> Bool {
    guard let type = contentType?.lowercased().split(separator: ";", maxSplits: 1).first else { return false }
    return type.filter { $0 != " " && $0 != "\t" } == "application/x-www-form-urlencoded"
  }
}
