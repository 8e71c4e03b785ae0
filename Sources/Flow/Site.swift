public import Gateway
internal import HTTPTypes
internal import Limits
public import Logging
internal import Threads
public import Tokens
public import Verification

/// A whole PinGate site: takes a request through route, form, limits, provider and table to a finished page.
public final class Site: Responder, Sendable {
  let settings: SiteSettings
  let verifier: any Verifier
  let plan: any NumberingPlan
  let limiter: Limiter
  let clock: @Sendable () -> Timestamp
  let pause: @Sendable (Duration) async -> Void
  let secureAnswer: @Sendable () -> Void
  let leave: (@Sendable (String) throws -> Void)?
  let seal: TokenSeal<PendingAttempt>
  let left: TokenSeal<PendingAttempt>
  let forms: TokenSeal<FormToken>
  let views: TokenSeal<PageView>
  let answers: Answers
  let log: Logger
  let cancellations = Cancellations()
  private let firstTimes = FirstTimes()
  private let origin: SiteOrigin
  private let startPage: Deferred<StaticFile>
  private let styleSheet: Deferred<StaticFile>

  /// - Parameters:
  ///   - plan: reads numbers, and says which are served.
  ///   - limiter: what may be sent and tried.
  ///   - clock: what time it is.
  ///   - pause: waits.
  ///   - secureAnswer: is called before anything is charged, and so before anything is sent. From then on the answer must
  ///     come: what has the memory and the descriptors for it returns, and what has not ends the process.
  ///   - leave: leaves something sealed to a process that lives on after this one, which calls `endLeft` with it; nil for
  ///     a process that lives on itself.
  /// - Throws: `StaticFilesFailure` when the settings name a folder whose files cannot be read.
  public init(
    settings: SiteSettings, verifier: any Verifier, plan: any NumberingPlan, limiter: Limiter, keyring: Keyring,
    pages: Pages, log: Logger, clock: @escaping @Sendable () -> Timestamp,
    pause: @escaping @Sendable (Duration) async -> Void = Site.sleep,
    secureAnswer: @escaping @Sendable () -> Void = {},
    leave: (@Sendable (String) throws -> Void)? = nil
  ) throws {
    self.settings = settings
    self.verifier = verifier
    self.plan = plan
    self.limiter = limiter
    self.clock = clock
    self.pause = pause
    self.secureAnswer = secureAnswer
    self.leave = leave
    self.log = log
    origin = SiteOrigin(allowed: Set(settings.allowedOrigins.map { $0.lowercased() }))
    seal = TokenSeal<PendingAttempt>(keyring, site: settings.identity)
    left = TokenSeal<PendingAttempt>(keyring, for: .leftAttempt, site: settings.identity)
    forms = TokenSeal<FormToken>(keyring, site: settings.identity)
    views = TokenSeal<PageView>(keyring, site: settings.identity)
    answers = Answers(pages: pages, settings: settings, forms: forms, views: views, log: log, clock: clock)
    (startPage, styleSheet) = try StaticFile.startPageAndStyleSheet(of: settings, pages: pages)
  }

  /// Reads the files that a site with this folder would serve.
  public static func checkStaticFiles(in folder: String) throws(StaticFilesFailure) {
    _ = try StaticFile.startPageAndStyleSheet(
      of: SiteSettings(identity: "", staticFolder: folder), pages: Pages(brand: Brand()))
  }

  public static let sleep: @Sendable (Duration) async -> Void = {
    try? await Task.sleep(for: $0)  // cancelled: then it is over sooner
  }

  public func respond(to request: consuming Request) async -> Response {
    switch reception(of: request) {
    case .answer(let response): return response
    case .form(let purpose, let form, let visit, let exchange):
      return await answer(purpose, form, visit, consume exchange).measured
    }
  }

  /// Charges, once the answer is certain to come.
  func charge(_ charge: Charge) async throws(StoreFailure) -> ChargeDecision {
    secureAnswer()
    return try await limiter.store.charge(charge)
  }

  public var hasRoom: Bool { limiter.store.hasRoom }

  /// The answer of a server that has more requests in flight than it is allowed to have.
  public var overloaded: Response {
    answers.answer(.overloaded, to: Exchange()).measured
  }

  /// What a form is for.
  private enum Purpose {
    case register, verify, cancel
    case sendAgain(Channel)
  }

  /// The exchange is handed over, so that it is changed and not copied.
  private func answer(
    _ purpose: Purpose, _ form: Form, _ visit: Visit, _ exchange: consuming Exchange
  ) async -> Response {
    switch purpose {
    case .register: await register(form, visit, exchange)
    case .verify: await verify(form, visit, exchange)
    case .cancel: await cancel(form, visit, exchange)
    case .sendAgain(let channel): await sendAgain(form, visit, exchange, by: channel)
    }
  }

  private enum Reception {
    case answer(Response)
    case form(Purpose, Form, Visit, Exchange)
  }

  /// All that can be said of a request without waiting. Nothing of it is kept while its form waits for its answer.
  @inline(never)
  private func reception(of request: consuming Request) -> Reception {
    switch way(of: request) {
    case .answer(let response): return .answer(response.finished(for: request))
    case .form(let purpose):
      var exchange = Exchange()
      switch submission(request, &exchange) {
      case .visit(let form, let visit): return .form(purpose, form, visit, exchange)
      case .answer(let response): return .answer(response.finished(for: request))
      }
    }
  }

  private enum Way {
    case answer(Response)
    case form(Purpose)
  }

  /// Where a request goes.
  private func way(of request: Request) -> Way {
    if let redirection = Mount.redirection(of: request, settings: settings) {
      return .answer(redirection)
    }
    let path = Mount.path(of: request, below: settings.prefix)
    // An authorizer's 200 would open a door, and there is none yet to which PinGate has the key.
    guard request.role == .responder, let path, let route = Route(path: path) else {
      var exchange = Exchange()
      exchange.home = Mount.home(from: path, prefix: settings.prefix)
      return .answer(answers.answer(.notFound, to: exchange))
    }
    let view = route == .verify ? PageAddress.view(in: request) : nil
    let methods = view == nil ? route.methods : [.get, .head] + route.methods
    guard methods.contains(request.method) else {
      return .answer(answers.answer(.methodNotAllowed, to: Exchange(), allow: methods))
    }
    if let view, request.method != .post { return .answer(self.view(view, for: request)) }
    // A process that has answered before has made it.
    if leave != nil, !PageAddress.isWanted(by: request), let page = route.usualPage { answers.prepare(page) }
    switch route {
    case .start: return .answer(startPage.value.response(to: request))
    case .styleSheet: return .answer(styleSheet.value.response(to: request))
    case .register: return .form(.register)
    case .verify: return .form(.verify)
    case .resend: return .form(.sendAgain(.text))
    case .call: return .form(.sendAgain(.call))
    case .cancel: return .form(.cancel)
    }
  }

  private enum Submission {
    case visit(Form, Visit)
    case answer(Response)
  }

  /// Reads the form of a POST that may have one.
  private func submission(_ request: Request, _ exchange: inout Exchange) -> Submission {
    switch origin.finding(request) {
    case .own: break
    case .foreign:
      return .answer(answers.answer(.crossSite, to: exchange, details: SiteOrigin.details(of: request)))
    case .hidden:
      return .answer(answers.answer(.originHidden, to: exchange, details: SiteOrigin.details(of: request)))
    }
    guard let contentType = request.header(.contentType), let type = FormType(contentType) else {
      return .answer(answers.answer(.unsupportedType, to: exchange))
    }
    switch request.body {
    case .tooLarge: return .answer(answers.answer(.tooLarge, to: exchange))
    case .lengthMissing: return .answer(answers.answer(.lengthMissing, to: exchange))
    case .lengthWrong: return .answer(answers.answer(.malformed, to: exchange, details: ["reason": "lengthWrong"]))
    case .bytes(let bytes):
      let form: Form
      do {
        switch type {
        case .urlencoded: form = try Form(urlencoded: bytes, fields: Self.fields)
        case .multipart: form = try Form(multipart: bytes, contentType: contentType, fields: Self.fields)
        }
      } catch {
        return .answer(answers.answer(.malformed, to: exchange, details: ["reason": "\(error)"]))
      }
      let client = ClientAddress.read(from: request, behind: settings.trustedProxies)
      warn(of: client.doubt, form)
      let visitor = Visitor(of: request, at: client.address, keys: limiter.keys)
      exchange.visitor = visitor
      exchange.time = clock()
      exchange.isAnsweredByAddress = PageAddress.isWanted(by: request)
      // Browsers are told apart where no number is known in them too.
      let cookie = visitor.cookieField(
        answering: request, life: max(limiter.policy.knownLife, .seconds(86_400)))
      if visitor.getsCookie { exchange.newCookie = cookie }
      if visitor.hasCookie { exchange.renewedCookie = cookie }
      let languages = Languages.ranked(request.header(.acceptLanguage) ?? "")
      return .visit(form, Visit(visitor: visitor, languages: languages))
    }
  }

  /// Those of the pages. All others are passed over.
  private static let fields: [Form.Field] = [
    Form.Field("number"), Form.Field("pin"), Form.Field("channel"), Form.Field("confirmed"),
    Form.Field("requestId", repetition: .isContradiction), Form.Field("form", repetition: .isKept),
  ]

  /// What is the same with all requests is told once.
  private func warn(of doubt: ClientAddress.Doubt?, _ form: Form) {
    if let doubt, firstTimes.isFirst(doubt.rawValue) {
      log.warning("address.\(doubt.rawValue)", metadata: ["advice": "\(doubt.advice)"])
    }
    for name in form.repeated where firstTimes.isFirst("field \(name)") {
      log.notice("request.repeated_field", metadata: ["field": "\(name)", "advice": "the last value counts"])
    }
  }
}
