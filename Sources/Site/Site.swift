public import Gateway
internal import HTTPTypes
public import Logging
public import Verification

/// A whole PinGate site: takes a request through route, form, limits, provider and table to a finished page.
public final class Site: Responder, Sendable {
  let settings: SiteSettings
  let verifier: any Verifier
  let plan: any NumberingPlan
  let limiter: Limiter
  let clock: @Sendable () -> Timestamp
  let pause: @Sendable (Duration) async -> Void
  let leave: (@Sendable (String) throws -> Void)?
  let seal: AttemptSeal
  let left: AttemptSeal
  let forms: FormSeal
  let answers: Answers
  let log: Logger
  let cancellations = Cancellations()
  private let origin: SiteOrigin
  private let startPage: StaticFile
  private let styleSheet: StaticFile

  /// - Parameters:
  ///   - plan: reads numbers, and says which are served.
  ///   - limiter: what may be sent and tried.
  ///   - clock: what time it is.
  ///   - pause: waits.
  ///   - leave: leaves something sealed to a process that lives on after this one, which calls `endLeft` with it; nil for
  ///     a process that lives on itself.
  /// - Throws: `StaticFilesFailure` when the settings name a folder whose files cannot be read.
  public init(
    settings: SiteSettings, verifier: any Verifier, plan: any NumberingPlan, limiter: Limiter, keyring: Keyring,
    pages: Pages, log: Logger, clock: @escaping @Sendable () -> Timestamp,
    pause: @escaping @Sendable (Duration) async -> Void = Site.sleep,
    leave: (@Sendable (String) throws -> Void)? = nil
  ) throws {
    self.settings = settings
    self.verifier = verifier
    self.plan = plan
    self.limiter = limiter
    self.clock = clock
    self.pause = pause
    self.leave = leave
    self.log = log
    origin = SiteOrigin(allowed: Set(settings.allowedOrigins.map { $0.lowercased() }))
    seal = AttemptSeal(keyring, site: settings.identity)
    left = AttemptSeal(keyring, for: .leftAttempt, site: settings.identity)
    forms = FormSeal(keyring, site: settings.identity)
    answers = Answers(pages: pages, settings: settings, forms: forms, log: log)
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

  public func respond(to request: Request) async -> Response {
    await answer(request).finished(for: request)
  }

  /// The answer of a server that has more requests in flight than it is allowed to have.
  public var overloaded: Response {
    answers.answer(.overloaded, to: Exchange()).measured
  }

  private func answer(_ request: Request) async -> Response {
    let exchange = Exchange()
    switch way(of: request, exchange) {
    case .answer(let response): return response
    case .form(let next): return await submitted(request, exchange, then: next)
    }
  }

  /// What becomes of a form.
  private typealias Next = @Sendable (Form, Visit, Exchange) async -> Response

  private enum Way {
    case answer(Response)
    case form(Next)
  }

  /// Where a request goes. Apart from the waiting for its answer, so that its locals are gone by then.
  @inline(never)
  private func way(of request: Request, _ exchange: Exchange) -> Way {
    if let redirection = Mount.redirection(of: request, settings: settings) {
      return .answer(redirection)
    }
    let path = Mount.path(of: request, below: settings.prefix)
    // An authorizer's 200 would open a door, and there is none yet to which PinGate has the key.
    guard request.role == .responder, let path, let route = Route(path: path) else {
      var exchange = exchange
      exchange.home = Mount.home(from: path, prefix: settings.prefix)
      return .answer(answers.answer(.notFound, to: exchange))
    }
    guard route.methods.contains(request.method) else {
      return .answer(answers.answer(.methodNotAllowed, to: exchange, allow: route.methods))
    }
    switch route {
    case .start: return .answer(startPage.response(to: request))
    case .styleSheet: return .answer(styleSheet.response(to: request))
    case .register: return .form(register)
    case .verify: return .form(verify)
    case .resend: return .form { [self] in await sendAgain($0, $1, $2, by: .text) }
    case .call: return .form { [self] in await sendAgain($0, $1, $2, by: .call) }
    case .cancel: return .form(cancel)
    }
  }

  /// Reads the form of a POST that may have one, and goes on with it.
  private func submitted(
    _ request: Request, _ exchange: Exchange, then next: Next
  ) async -> Response {
    var exchange = exchange
    switch submission(request, &exchange) {
    case .visit(let form, let visit): return await next(form, visit, exchange)
    case .answer(let response): return response
    }
  }

  private enum Submission {
    case visit(Form, Visit)
    case answer(Response)
  }

  /// What was sent. Apart from the waiting for what comes of it, so that its locals are gone by then.
  @inline(never)
  private func submission(_ request: Request, _ exchange: inout Exchange) -> Submission {
    guard origin.admits(request) else { return .answer(answers.answer(.crossSite, to: exchange)) }
    guard Self.isForm(request.header(.contentType)) else {
      return .answer(answers.answer(.unsupportedType, to: exchange))
    }
    switch request.body {
    case .tooLarge: return .answer(answers.answer(.tooLarge, to: exchange))
    case .lengthMissing: return .answer(answers.answer(.lengthMissing, to: exchange))
    case .lengthWrong: return .answer(answers.answer(.malformed, to: exchange))
    case .bytes(let bytes):
      let form: Form
      do {
        form = try Form(urlencoded: bytes)
      } catch {
        return .answer(answers.answer(.malformed, to: exchange, details: ["reason": "\(error)"]))
      }
      let visitor = Visitor(of: request, behind: settings.trustedProxies, keys: limiter.keys)
      exchange.visitor = visitor
      exchange.time = clock()
      // Browsers are told apart where no number is known in them too.
      let cookie = visitor.cookie.header(for: request, life: max(limiter.policy.knownLife, .seconds(86_400)))
      if visitor.getsCookie { exchange.newCookie = cookie }
      if visitor.hasCookie { exchange.renewedCookie = cookie }
      let languages = Languages.ranked(request.header(.acceptLanguage) ?? "")
      return .visit(form, Visit(visitor: visitor, languages: languages))
    }
  }

  private static func isForm(_ contentType: String?) -> Bool {
    guard let contentType, var type = contentType.utf8.split(separator: UInt8(ascii: ";"), maxSplits: 1).first
    else { return false }
    func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
    type = type.drop(while: isBlank)
    while let last = type.last, isBlank(last) { type.removeLast() }
    return type.elementsEqual("application/x-www-form-urlencoded".utf8) { theirs, ours in
      // The type is compared without regard to case (RFC 9110, section 8.3.1).
      (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(theirs) ? theirs + 0x20 == ours : theirs == ours
    }
  }
}
