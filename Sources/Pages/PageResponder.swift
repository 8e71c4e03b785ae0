public import Flow
public import Gateway
internal import HTTPTypes
internal import Threads

/// A whole PinGate site: requests go through the flow, and their outcomes become pages.
public final class PageResponder: Responder, Sendable {
  private let flow: Flow
  private let pages: Pages
  private let continueURL: String
  private let hasOwnStartPage: Bool
  /// The first form, which tells when it was shown. Its entity tag ignores that: a browser that keeps a copy has an old one, never
  /// one that is too young.
  private let timedStartPage: Deferred<StaticFile>
  private let files: StaticFiles

  public init(_ flow: Flow, pages: Pages, files: StaticFiles, settings: FlowSettings) {
    self.flow = flow
    self.pages = pages
    self.files = files
    continueURL = settings.continueURL
    hasOwnStartPage = settings.staticFolder != nil
    timedStartPage = Deferred {
      StaticFile(
        pages.timedStartPage(""), modified: nil, fields: pages.page(.number(nil, isTimed: true)).fields, isWeak: true)
    }
  }

  public func respond(to request: consuming Request) async -> Response {
    switch reception(of: request) {
    case .answer(let response): return response
    case .form(let form): return answer(to: await flow.conclude(form))
    }
  }

  public var hasRoom: Bool { flow.hasRoom }

  /// The answer if more requests are in flight than allowed.
  public func overloaded(_ request: Request) -> Response { answer(to: flow.overloaded(request)) }

  private enum Reception {
    case answer(Response)
    case form(Flow.FormRequest)
  }

  /// Answers whatever needs no waiting. Nothing of the request is kept while its form waits for its answer.
  @inline(never)
  private func reception(of request: consuming Request) -> Reception {
    let response: Response
    switch flow.receive(request) {
    case .form(let form):
      // A process that has answered before has made it already.
      if let outcome = form.likelyOutcome { pages.prepare(outcome) }
      return .form(form)
    case .conclusion(let conclusion):
      response = pages.response(to: conclusion, continueURL: continueURL, showsDestination: flow.showsRedirects)
    case .startPage: response = startPage(request)
    case .entryPage(let ticket, let lostForm):
      // A first page of the site's own is served unchanged; then the ticket is in the page's address.
      response =
        hasOwnStartPage
        ? files.startPage.value.response(to: request)
        : pages.entryPage(ticket, lostForm: lostForm, shown: flow.shownForm ?? "").response()
    case .styleSheet: response = files.styleSheet.value.response(to: request)
    case .redirection(let address): response = Answer.redirect(to: address, status: .permanentRedirect).response()
    }
    return .answer(response.finished(for: request))
  }

  private func startPage(_ request: Request) -> Response {
    guard !hasOwnStartPage, let shown = flow.shownForm else { return files.startPage.value.response(to: request) }
    return timedStartPage.value.response(to: request) { pages.timedStartPage(shown) }
  }

  @inline(never)
  private func answer(to conclusion: Conclusion) -> Response {
    pages.response(to: conclusion, continueURL: continueURL, showsDestination: flow.showsRedirects).measured
  }
}
