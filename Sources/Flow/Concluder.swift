internal import Gate
package import Gateway
internal import HTTPTypes
package import Logging
package import Tokens
package import Verification

/// Concludes requests: looks up the outcome's row in the table, writes its single log line, and seals its page's URL.
/// Nothing else turns a failure into an outcome's row.
package final class Concluder: Sendable {
  private let forms: TokenSeal<FormToken>?
  private let views: TokenSeal<PageView>?
  private let tickets: TokenSeal<EntryTicket>?
  private let log: Logger
  private let clock: @Sendable () -> Timestamp

  /// - Parameters:
  ///   - forms: seals what number forms carry; nil if no form is ever shown.
  ///   - views: seals what pages showed; nil if pages have no URLs of their own.
  ///   - tickets: seals the gate's tickets; nil without a gate.
  ///   - clock: the time of day.
  package init(
    forms: TokenSeal<FormToken>? = nil, views: TokenSeal<PageView>? = nil,
    tickets: TokenSeal<EntryTicket>? = nil, log: Logger,
    clock: @escaping @Sendable () -> Timestamp = { Timestamp(secondsSinceEpoch: 0) }
  ) {
    self.forms = forms
    self.views = views
    self.tickets = tickets
    self.log = log
    self.clock = clock
  }

  /// Concludes a request without a form.
  ///
  /// - Parameters:
  ///   - representation: the format of the response.
  ///   - isUnrecorded: whether to skip the log line, because the log has enough of this kind.
  package func conclude(
    _ outcome: Outcome, as representation: Representation, isUnrecorded: Bool = false
  ) -> Conclusion {
    let context = RequestContext(representation)
    context.isUnrecorded = isUnrecorded
    return conclude(outcome, context)
  }

  /// - Parameters:
  ///   - failure: the provider's failure, for the log and the time to wait.
  ///   - allow: the route's methods, for the response to a request with a different one.
  ///   - details: additional fields for the log line.
  @inline(never)  // Its locals would be kept by whoever waits.
  func conclude(
    _ outcome: Outcome, _ context: RequestContext, failure: VerifierFailure? = nil,
    allow: [HTTPRequest.Method] = [], details: Logger.Metadata = [:]
  ) -> Conclusion {
    let row = OutcomeRow(outcome)
    // A reference that is not in the log would not help a visitor who asks the owner.
    let reference = record(row, context, failure, details) ? context.reference : ""
    let wait = row.retryAfter.map { Self.wait($0, context, failure) }
    var arguments = context.arguments
    let ticket = row.page.isStatus ? context.ticket.flatMap { tickets?.seal($0) } ?? "" : ""
    if row.page.hasNumberForm, arguments.formToken.isEmpty { arguments.formToken = formToken(context) }
    let address =
      context.isAnsweredByAddress
      ? sealedView(row, context, arguments, ticket, reference: reference, wait: wait).map(PageAddress.relative) : nil
    return Conclusion(
      outcome, row, context, reference: reference, arguments: arguments, wait: wait, allow: allow, address: address,
      entryQuery: Self.query(ticket))
  }

  private static func query(_ ticket: String) -> String { ticket.isEmpty ? "" : "?\(Gate.field)=\(ticket)" }

  /// Shows a page that has already been concluded, now requested at its own URL. Its log line was written then.
  ///
  /// - Parameter ticket: the gate's ticket, sealed.
  func show(_ outcome: Outcome, _ context: RequestContext, ticket: String = "") -> Conclusion {
    let row = OutcomeRow(outcome)
    log.debug("view.shown", metadata: ["exchange": "\(context.reference)", "page": "\(row.code)"])
    return Conclusion(
      outcome, row, context, reference: context.reference, arguments: context.arguments,
      wait: row.retryAfter.map { context.wait ?? $0 }, allow: [], address: nil,
      entryQuery: Self.query(ticket))
  }

  private static func wait(_ usual: Duration, _ context: RequestContext, _ failure: VerifierFailure?) -> Duration {
    if let wait = context.wait { return wait }
    // A provider that asks for days would only keep visitors away from a site that works again.
    return failure?.retryAfter.map { min($0, .seconds(3600)) } ?? usual
  }

  /// What the hidden field of a number form carries. If it cannot be sealed, the field is empty and protects nothing.
  private func formToken(_ context: RequestContext) -> String {
    guard let forms, let client = context.knownClient, let time = context.time else { return "" }
    return forms.seal(FormToken(browserTag: client.tag, givenUp: context.givenUp, madeAt: time, ticket: context.ticket))
      ?? ""
  }

  /// - Returns: nil if the page does not fit into a URL: then the page itself is the response.
  private func sealedView(
    _ row: OutcomeRow, _ context: RequestContext, _ arguments: OutcomeArguments, _ ticket: String, reference: String,
    wait: Duration?
  ) -> String? {
    guard let views, arguments.number.utf8.count <= PageView.longestNumber || !row.page.hasNumberForm else {
      return nil
    }
    let now = clock()
    var view = PageView(
      code: row.code, reference: reference, browserTag: context.knownClient?.tag ?? Client.anyBrowser,
      bareTag: context.knownClient?.bareTag ?? Client.anyBrowser, endsAt: now + PageView.life,
      waitEndsAt: wait.map { now + .seconds($0.wholeSeconds) }, triesLeft: arguments.triesLeft,
      channel: arguments.channel)
    view.challenge = arguments.challenge?.text ?? ""
    if row.page.hasNumberForm {
      view.number = arguments.number
      view.form = arguments.formToken
    } else if row.page.hasPINForm {
      view.token = arguments.pinForm?.token ?? ""
      // The page's PIN is not valid any longer than that.
      if let attempt = context.pending?.attempt {
        view.endsAt = min(view.endsAt, attempt.startedAt + Attempt.longestLife)
      }
    } else {
      view.ticket = ticket
    }
    // A browser that is redirected elsewhere is shown no page.
    return context.destination == nil ? views.seal(view) : nil
  }

  /// - Returns: whether a line was written.
  private func record(
    _ row: OutcomeRow, _ context: RequestContext, _ failure: VerifierFailure?, _ details: Logger.Metadata
  ) -> Bool {
    guard row.severity >= log.logLevel, !context.isUnrecorded else { return false }
    var metadata = details
    metadata.reserveCapacity(details.count + 6)
    metadata["exchange"] = "\(context.reference)"
    metadata["status"] = "\(row.status.code)"
    metadata["number"] = context.number.map { "\($0)" }
    metadata["request"] = context.pending.map { "\($0.attempt.requestID)" }
    if let failure {
      metadata["detail"] = "\(failure.detail)"
      metadata["provider_code"] = failure.providerCode.map { "\($0)" }
    }
    log.log(level: row.severity, "\(row.code)", metadata: metadata)
    return true
  }
}
