public import Gate
package import Gateway
internal import HTTPTypes
public import Limits
public import Logging
public import Tokens
public import Verification

/// Takes a request through route, form, limits and provider to an outcome. It contains no user-visible text and makes
/// no responses: `Pages` does that from the `Conclusion`.
public final class Flow: Sendable {
  let settings: FlowSettings
  let verifier: any Verifier
  let plan: any NumberingPlan
  let limiter: Limiter
  let keys: CounterKeys
  let clock: @Sendable () -> Timestamp
  let sleep: @Sendable (Duration) async -> Void
  let secureAnswer: @Sendable () -> Void
  let leave: (@Sendable (String) throws -> Void)?
  let tellOfSuccess: (@Sendable () -> Void)?
  let attempts: TokenSeal<PendingAttempt>
  let forms: TokenSeal<FormToken>
  let views: TokenSeal<PageView>
  let decoys: Decoys
  let returnTokens: TokenSeal<ReturnToken>
  let challenges: TokenSeal<ChallengeToken>
  let shownForms: TokenSeal<ShownForm>
  let queue: WaitingQueue
  let widget: WidgetCheck?
  let concluder: Concluder
  let canceller: Canceller
  let gate: Gate?
  let cancellations = Cancellations()
  let log: Logger
  private let firstTimes = FirstTimes()
  private let origin: SiteOrigin

  /// - Parameters:
  ///   - plan: reads numbers, and says which ones are served.
  ///   - limiter: decides what may be sent and tried.
  ///   - gate: makes a proof for a success; nil if none is made.
  ///   - widget: asks the third party whose widget the site shows; nil if there is none.
  ///   - clock: the time of day.
  ///   - sleep: waits.
  ///   - secureAnswer: called before anything is reserved, and so before anything is sent. From then on the response
  ///     must come: it returns if there are enough memory and descriptors for that, and ends the process if not.
  ///   - leave: leaves sealed data for a process that outlives this one, whose `Canceller` then cancels the request;
  ///     nil in a long-lived process.
  ///   - tellOfSuccess: called when an event about a success is in the outbox (`VerifiedEvent`), and must return at
  ///     once; nil if nobody is notified.
  public init(
    settings: FlowSettings, verifier: any Verifier, plan: any NumberingPlan, limiter: Limiter, keyring: Keyring,
    gate: Gate? = nil, widget: WidgetCheck? = nil, log: Logger,
    clock: @escaping @Sendable () -> Timestamp,
    sleep: @escaping @Sendable (Duration) async -> Void = Flow.sleep,
    secureAnswer: @escaping @Sendable () -> Void = {},
    leave: (@Sendable (String) throws -> Void)? = nil, tellOfSuccess: (@Sendable () -> Void)? = nil
  ) {
    self.settings = settings
    decoys = Decoys(keyring, site: settings.identity)
    // Numbers that get no PIN must be indistinguishable from those that do.
    let asked: any Verifier =
      switch settings.admitted {
      case .everyNumber: verifier
      case .listed, .users:
        UndisclosedVerifier(
          verifier, admits: { [admitted = settings.admitted] in Self.admits($0, admitted) }, decoys: decoys,
          clock: clock, sleep: sleep)
      }
    self.verifier = asked
    self.plan = plan
    self.limiter = limiter
    keys = CounterKeys(keyring, site: settings.identity)
    self.clock = clock
    self.sleep = sleep
    self.secureAnswer = secureAnswer
    self.leave = leave
    self.tellOfSuccess = tellOfSuccess
    self.gate = gate
    self.log = log
    origin = SiteOrigin(allowed: Set(settings.allowedOrigins.map { $0.lowercased() }))
    attempts = TokenSeal(keyring, site: settings.identity)
    forms = TokenSeal(keyring, site: settings.identity)
    views = TokenSeal(keyring, site: settings.identity)
    returnTokens = TokenSeal(keyring, site: settings.identity)
    challenges = TokenSeal(keyring, site: settings.identity)
    shownForms = TokenSeal(keyring, site: settings.identity)
    queue = WaitingQueue(limiter, keys)
    self.widget = widget
    concluder = Concluder(
      forms: forms, views: views, tickets: gate == nil ? nil : TokenSeal(keyring, site: settings.identity), log: log,
      clock: clock)
    canceller = Canceller(
      verifier: asked, keyring: keyring, site: settings.identity, log: log, clock: clock, sleep: sleep)
  }

  public static let sleep: @Sendable (Duration) async -> Void = {
    try? await Task.sleep(for: $0)  // Canceled: the wait ends early.
  }

  /// Whether the owner wants to see where the gate would send a visitor, instead of sending them.
  package var showsRedirects: Bool { gate?.settings.showsRedirects ?? false }

  /// Whether another request would be worked on now (`Responder.hasRoom`).
  public var hasRoom: Bool { limiter.hasRoom }

  /// Concludes a request beyond the maximum in flight.
  package func overloaded(_ request: Request) -> Conclusion {
    concluder.conclude(.overloaded, as: Representation(wantedBy: request))
  }

  /// What can be decided about a request without waiting.
  package enum Reception {
    case conclusion(Conclusion)
    /// The form has to be processed.
    case form(FormRequest)
    case startPage
    /// The first page for a visitor sent by the gate, with their sealed ticket.
    case entryPage(String, lostForm: Bool)
    case styleSheet
    /// A permanent redirect to this relative URL.
    case redirection(String)
  }

  /// A form that has been parsed.
  package struct FormRequest {
    fileprivate let purpose: Purpose
    fileprivate let form: Form
    fileprivate let context: RequestContext
    /// Its most likely outcome, in a process that answers once and therefore has no prepared page yet; nil in any
    /// other.
    package let likelyOutcome: Outcome?
  }

  /// What a form is for.
  fileprivate enum Purpose: Equatable {
    case register, verify, cancel, redeem
    case sendAgain(Channel)
  }

  /// Decides everything that needs no waiting. Nothing of the request is kept while its form waits for its answer.
  package func receive(_ request: Request) -> Reception {
    if let address = BasePath.redirection(of: request, settings: settings) { return .redirection(address) }
    let path = BasePath.path(of: request, below: settings.prefix)
    // A web server that asks whether a request may pass would take a page's 200 as a yes: only the gate answers that.
    guard request.question == nil, let path, let route = Route(path: path), route != .signOut || gate != nil,
      route != .call || makesCalls
    else {
      let context = RequestContext(Representation(wantedBy: request))
      context.basePath = BasePath.relative(from: path, prefix: settings.prefix)
      return .conclusion(concluder.conclude(.notFound, context))
    }
    let view = route == .verify ? PageAddress.view(in: request) : nil
    let methods = view == nil ? route.methods : [.get, .head] + route.methods
    guard methods.contains(request.method) else {
      let context = RequestContext(Representation(wantedBy: request))
      return .conclusion(concluder.conclude(.methodNotAllowed, context, allow: methods))
    }
    if let view, request.method != .post { return .conclusion(self.view(view, for: request)) }
    switch route {
    case .start: return isForUsers ? .conclusion(userForm(for: request)) : entryPage(for: request) ?? .startPage
    case .styleSheet: return .styleSheet
    case .register: return receive(request, for: .register)
    case .verify: return receive(request, for: .verify)
    case .resend: return receive(request, for: .sendAgain(.text))
    case .call: return receive(request, for: .sendAgain(.call))
    case .cancel: return receive(request, for: .cancel)
    case .signOut: return .conclusion(signOut(request))
    case .redeem: return refusal(ofRedemption: request).map(Reception.conclusion) ?? receive(request, for: .redeem)
    }
  }

  /// Processes a form, waiting for the store and the provider.
  package func conclude(_ request: FormRequest) async -> Conclusion {
    switch request.purpose {
    case .register: await register(request.form, request.context)
    case .verify: await verify(request.form, request.context)
    case .cancel: await cancel(request.form, request.context)
    case .redeem: await redeem(request.form, request.context)
    case .sendAgain(let channel): await sendAgain(request.form, request.context, by: channel)
    }
  }

  /// Parses the form of a POST to a route that takes one.
  private func receive(_ request: Request, for purpose: Purpose) -> Reception {
    // Only programs redeem tokens, whatever their `Accept` header says.
    let representation = purpose == .redeem ? .json : Representation(wantedBy: request)
    func refused(_ outcome: Outcome, _ details: Logger.Metadata = [:]) -> Reception {
      .conclusion(concluder.conclude(outcome, RequestContext(representation), details: details))
    }
    if let foreign = foreign(request) { return .conclusion(foreign) }
    guard let contentType = request.header(.contentType), let type = FormType(contentType) else {
      return refused(.unsupportedType)
    }
    switch request.body {
    case .tooLarge: return refused(.tooLarge)
    case .lengthMissing: return refused(.lengthMissing)
    case .lengthWrong: return refused(.malformed, ["reason": "lengthWrong"])
    case .bytes(let bytes):
      let form: Form
      do {
        switch type {
        case .urlencoded: form = try Form(urlencoded: bytes, fields: Self.fields)
        case .multipart: form = try Form(multipart: bytes, contentType: contentType, fields: Self.fields)
        case .json: form = try Form(json: bytes, fields: Self.fields)
        }
      } catch {
        return refused(.malformed, ["reason": "\(error)"])
      }
      let context = purpose == .redeem ? RequestContext(.json) : context(of: request, form, purpose, representation)
      return .form(
        FormRequest(
          purpose: purpose, form: form, context: context, likelyOutcome: likelyOutcome(of: purpose, context)))
    }
  }

  /// Concludes a request that did not come from one of the site's own pages; nil for any other.
  func foreign(_ request: Request) -> Conclusion? {
    let outcome: Outcome
    switch origin.finding(request) {
    case .own: return nil
    case .foreign: outcome = .crossSite
    case .hidden: outcome = .originHidden
    }
    return concluder.conclude(
      outcome, RequestContext(Representation(wantedBy: request)), details: SiteOrigin.details(of: request))
  }

  private func context(
    of request: Request, _ form: Form, _ purpose: Purpose, _ representation: Representation
  ) -> RequestContext {
    let address = ClientAddress.read(from: request, behind: settings.trustedProxies)
    warn(of: address.doubt, form)
    let client = Client(of: request, at: address.address, keys: keys)
    let context = RequestContext(
      representation, client: client, languages: Languages.ranked(request.header(.acceptLanguage) ?? ""), time: clock(),
      isAnsweredByAddress: representation == .html && PageAddress.isWanted(by: request))
    if isForUsers { context.user = UserName(of: request) }
    // Browsers are distinguished even if none is trusted with a number.
    let cookie = client.cookieField(
      answering: request, life: max(limiter.trustedLife, .seconds(86_400)))
    if client.getsCookie { context.newCookie = cookie }
    if client.hasCookie { context.renewedCookie = cookie }
    if gate != nil {
      let isForMessage = if case .sendAgain = purpose { true } else { purpose == .register }
      enter(context, request, form, isForMessage: isForMessage)
    }
    if purpose == .register { context.automation = automation(of: form) }
    return context
  }

  private func likelyOutcome(of purpose: Purpose, _ context: RequestContext) -> Outcome? {
    guard leave != nil, !context.isAnsweredByAddress, context.representation == .html else { return nil }
    return switch purpose {
    case .register: .sent
    case .verify: .verified
    case .cancel, .redeem, .sendAgain: nil
    }
  }

  /// The fields of the pages. All others are ignored.
  private static let fields: [Form.Field] =
    [
      Form.Field("number"), Form.Field("pin"), Form.Field("channel"), Form.Field("confirmed"),
      Form.Field("requestId", repetition: .isContradiction), Form.Field("form", repetition: .isKept),
      Form.Field(Gate.field, repetition: .isKept), Form.Field("remember"),
      Form.Field("token", repetition: .isContradiction),
      Form.Field(Automation.trapField), Form.Field(Automation.shownField, repetition: .isKept),
      Form.Field(ChallengeReply.challengeField, repetition: .isKept), Form.Field(ChallengeReply.solutionField),
      Form.Field(ChallengeReply.waitField),
    ] + ChallengeWidget.Kind.allCases.map { Form.Field($0.field) }

  /// Reports once what is the same for all requests.
  private func warn(of doubt: ClientAddress.Doubt?, _ form: Form) {
    if let doubt, firstTimes.isFirst(doubt.rawValue) {
      log.warning("address.\(doubt.rawValue)", metadata: ["advice": "\(doubt.advice)"])
    }
    for name in form.repeated where firstTimes.isFirst("field \(name)") {
      log.notice("request.repeated_field", metadata: ["field": "\(name)", "advice": "the last value counts"])
    }
  }
}
