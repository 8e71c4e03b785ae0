internal import Flow
internal import Gateway
internal import Logging
internal import Pages
internal import Threads

/// What answers requests, and what answers those that are too many.
struct SiteVersion: Sendable {
  var responder: any Responder
  let overloaded: @Sendable (Request) -> Response
  /// Nil when the settings are wrong.
  let context: SiteContext?
  /// At the level that the settings ask for.
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

  /// The site of a program whose settings are wrong. It has the brand, where that is not what is wrong.
  static func closed(_ source: SettingsSource, log: Logger) -> SiteVersion {
    var reader = SettingsReader(source)
    let brand = SiteSettings.brand(&reader) ?? Brand()
    return SiteVersion(UnconfiguredSite(pages: Pages(brand: brand), log: log), log: log)
  }
}

/// The site that answers now: it can be replaced while requests run. Each of those ends with the one that it began with,
/// which is ended as soon as its last request is over.
///
/// `@unchecked Sendable`: what changes is under the lock.
final class ActiveSite: Responder, @unchecked Sendable {
  /// A site and the requests that it answers; what changes is under the lock of `ActiveSite`.
  private final class Tenure: @unchecked Sendable {
    let site: SiteVersion
    var requests = 0
    var isFormer = false

    init(_ site: SiteVersion) { self.site = site }
  }

  private let lock = Lock()
  private var tenure: Tenure
  /// Those that were replaced and have not ended.
  private var former: [ObjectIdentifier: Tenure] = [:]
  private var callers: [(most: Int, caller: CheckedContinuation<Void, Never>)] = []
  private var isOver = false

  init(_ site: SiteVersion) {
    tenure = Tenure(site)
  }

  /// Lets the former site's requests, requests to the provider and alerts end, and then itself. It is ended here and not by
  /// the last who uses it, because that blocks: it waits for the client's thread and may bring a database to its disk.
  ///
  /// - Returns: false when all has ended: then nobody will end the new one.
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

  /// Returns when no more than so many sites that were replaced are left.
  func waitForFormer(atMost most: Int) async {
    await withCheckedContinuation { caller in
      let isNow = lock.withLock {
        if former.count > most { callers.append((most, caller)) }
        return former.count <= most
      }
      if isNow { caller.resume() }
    }
  }

  /// Ends them all, at the end of the process: the former ones may have alerts on their way, or a store of their own.
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

  /// More than an alert takes with all its tries (`AlertQueue.pauses`), of 30 s at most.
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
