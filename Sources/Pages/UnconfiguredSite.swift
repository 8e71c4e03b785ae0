internal import Flow
public import Gateway
internal import HTTPTypes
public import Logging
internal import Threads

/// The site of a program with wrong settings: it answers everything but its style sheet with "not available right now".
///
/// The log says why; visitors are not told.
public struct UnconfiguredSite: Responder {
  private let concluder: Concluder
  private let pages: Pages
  private let styleSheet: Deferred<StaticFile>
  private let lines: LineBudget

  /// - Parameters:
  ///   - pages: pages from the program's own templates, which need no settings.
  ///   - clock: the clock that limits how much is logged.
  public init(
    pages: Pages, log: Logger, clock: @escaping @Sendable () -> ContinuousClock.Instant = { ContinuousClock.now }
  ) {
    lines = LineBudget(20, per: .seconds(60), clock: clock)
    self.pages = pages
    concluder = Concluder(log: log)
    styleSheet = StaticFile.styleSheet(of: pages)
  }

  public func respond(to request: consuming Request) async -> Response {
    await answer(request).finished(for: request)
  }

  /// The answer if more requests are in flight than allowed.
  public func overloaded(_ request: Request) -> Response {
    pages.response(to: concluder.conclude(.overloaded, as: Representation(wantedBy: request))).measured
  }

  private func answer(_ request: Request) async -> Response {
    let isReading = request.method == .get || request.method == .head
    // The base path is one of the settings that may be broken.
    if isReading, request.question == nil, request.path.hasSuffix("/style.css") {
      return styleSheet.value.response(to: request)
    }
    let isUnrecorded = await !lines.take()
    let representation = Representation(wantedBy: request)
    return pages.response(to: concluder.conclude(.notConfigured, as: representation, isUnrecorded: isUnrecorded))
  }
}
