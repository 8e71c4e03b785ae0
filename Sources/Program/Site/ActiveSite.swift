internal import Flow
internal import Gateway
internal import Logging
internal import Pages
internal import Threads

/// What answers requests, and what answers those beyond the most that may be in flight.
struct SiteVersion: Sendable {
  var responder: any Responder
  let overloaded: @Sendable (Request) -> Response
  /// Nil if the settings are wrong.
  let context: SiteContext?
  /// The log, at the level that the settings ask for.
  let log: Logger

  init(_ context: SiteContext, log: Logger) {
    self.log = log
    responder = context.responder
    overloaded = context.overloaded
    self.context = context
  }

  private init(_ site: UnconfiguredSite, log: Logger) {
    self.log = log
    responder = site
    overloaded = { site.overloaded($0) }
    context = nil
  }

  /// The site of a program whose settings are wrong. It shows the brand, unless that is what is wrong.
  static func closed(_ source: SettingsSource, log: Logger) -> SiteVersion {
    var reader = SettingsReader(source)
    let brand = SiteSettings.brand(&reader) ?? Brand()
    return SiteVersion(UnconfiguredSite(pages: Pages(brand: brand), log: log), log: log)
  }
}

/// The site that answers now, which can be replaced while requests run. Each request ends with the site that it began with, and a
/// replaced site is ended as soon as its last request is over.
///
/// `@unchecked Sendable`: everything mutable is guarded by the lock.
final class ActiveSite: Responder, @unchecked Sendable {
  /// A site and the number of its requests; everything mutable is guarded by the lock of `ActiveSite`.
  private final class Tenure: @unchecked Sendable {
    let site: SiteVersion
    var requests = 0
    var isFormer = false

    init(_ site: SiteVersion) { self.site = site }
  }

  private let lock = Lock()
  private var tenure: Tenure
  /// The sites that were replaced and have not ended.
  private var former: [ObjectIdentifier: Tenure] = [:]
  private var callers: [(most: Int, caller: CheckedContinuation<Void, Never>)] = []
  private var isOver = false

  init(_ site: SiteVersion) {
    tenure = Tenure(site)
  }

  /// Replaces the site. The former one's requests, provider requests, and alerts end, and then the site itself. That happens here
  /// and not at its last request, because it blocks: it waits for the client's thread and may write a database to the disk.
  ///
  /// - Returns: false if everything has ended already: then nobody will end the new site.
  func replace(with site: SiteVersion) -> Bool {
    let next = Tenure(site)
    let replaced: (last: Tenure, isIdle: Bool)? = lock.withLock {
      guard !isOver else { return nil }
      let last = tenure
      tenure = next
      last.isFormer = true
      former[ObjectIdentifier(last)] = last
      return (last, last.requests == 0)
    }
    guard let (last, isIdle) = replaced else { return false }
    last.site.context?.retire(for: site.context)
    if isIdle { end(last) }
    return true
  }

  /// Returns once no more than this many replaced sites are left.
  func waitForFormer(atMost most: Int) async {
    await withCheckedContinuation { caller in
      let isNow = lock.withLock {
        if former.count > most { callers.append((most, caller)) }
        return former.count <= most
      }
      if isNow { caller.resume() }
    }
  }

  /// Ends all sites at the end of the process: replaced ones may have alerts on their way, or a store of their own.
  ///
  /// - Parameter time: how long alerts may take.
  func end(within time: Duration) async {
    let all = lock.withLock {
      isOver = true
      return Array(former.values) + [tenure]
    }
    let contexts = all.compactMap(\.site.context)
    await withTaskGroup(of: Void.self) { group in
      for context in contexts {
        group.addTask { await context.end(within: time) }
      }
    }
  }

  /// More than an alert takes with all its tries (`AlertQueue.backoff`), of at most 30 s each.
  private static let longestAlert: Duration = .seconds(240)

  private func end(_ gone: Tenure) {
    let name = ObjectIdentifier(gone)
    let context = gone.site.context
    Task {
      if let context {
        await context.flow.cancellationsEnded()
        await context.end(within: Self.longestAlert)
      }
      forget(name)
    }
  }

  private func forget(_ name: ObjectIdentifier) {
    let ready = lock.withLock {
      former[name] = nil
      let ready = callers.filter { former.count <= $0.most }
      callers.removeAll { former.count <= $0.most }
      return ready
    }
    for waiting in ready { waiting.caller.resume() }
  }

  func respond(to request: consuming Request) async -> Response {
    let tenure = begin()
    var response = await tenure.site.responder.respond(to: request)
    guard let afterwards = response.afterwards else {
      finish(tenure)
      return response
    }
    response.afterwards = { [self] in
      await afterwards()
      finish(tenure)
    }
    return response
  }

  private func begin() -> Tenure {
    lock.withLock {
      tenure.requests += 1
      return tenure
    }
  }

  private func finish(_ tenure: Tenure) {
    let isLast = lock.withLock {
      tenure.requests -= 1
      return tenure.isFormer && tenure.requests == 0
    }
    if isLast { end(tenure) }
  }

  /// It uses nothing that a former site's end takes away.
  func immediateResponse(to request: Request) -> Response? { current.responder.immediateResponse(to: request) }

  var hasRoom: Bool { current.responder.hasRoom }

  func overloaded(_ request: Request) -> Response {
    current.overloaded(request)
  }

  var current: SiteVersion {
    lock.withLock { tenure.site }
  }
}
