internal import Foundation
internal import Gateway
internal import Logging
internal import Site

/// What answers requests, and what answers those that are too many.
struct ServedSite: Sendable {
  let responder: any Responder
  let overloaded: @Sendable () -> Response
  /// Nil when the settings are wrong.
  let assembly: Assembly?
  /// At the level that the settings ask for.
  let log: Logger

  init(_ assembly: Assembly, log: Logger) {
    self.log = log
    let site = assembly.site
    responder = site
    overloaded = { site.overloaded }
    self.assembly = assembly
  }

  private init(_ site: ClosedSite, log: Logger) {
    self.log = log
    responder = site
    overloaded = { site.overloaded }
    assembly = nil
  }

  /// The site of a program whose settings are wrong.
  static func closed(log: Logger) -> ServedSite {
    ServedSite(Assembly.closedSite(log: log), log: log)
  }
}

/// The site that answers now: it can be replaced while requests run, and each of those ends with the one it began with.
///
/// Sendable, because the site is only touched under the lock.
final class CurrentSite: Responder, @unchecked Sendable {
  private let lock = NSLock()
  private var site: ServedSite
  /// Those that were replaced and have not ended, by the order in which they were.
  private var former: [Int: Assembly] = [:]
  private var replaced = 0
  private let pause: @Sendable (Duration) async -> Void

  /// - Parameter pause: waits; not really in tests.
  init(
    _ site: ServedSite,
    pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) }  // nobody cancels it
  ) {
    self.site = site
    self.pause = pause
  }

  /// Lets the former site's requests and alerts end, and then itself. It is ended here and not by the last who uses it,
  /// because that blocks: it waits for the client's thread and may bring a database to its disk.
  ///
  /// - Returns: the task that does so.
  @discardableResult
  func replace(with site: ServedSite) -> Task<Void, Never>? {
    let number: Int? = lock.withLock {
      defer { self.site = site }
      guard let assembly = self.site.assembly else { return nil }
      replaced += 1
      former[replaced] = assembly
      return replaced
    }
    guard let number else { return nil }
    return Task {
      await pause(Self.longestRequest)
      guard let (assembly, sharesStore) = leaving(number) else { return }
      await assembly.end(within: Self.longestAlert, keepsStore: sharesStore)
      lock.withLock { former[number] = nil }
    }
  }

  /// A former site, and whether one that came later has its store.
  private func leaving(_ number: Int) -> (Assembly, sharesStore: Bool)? {
    lock.withLock {
      guard let assembly = former[number] else { return nil }
      let others = former.filter { $0.key > number }.map(\.value) + (site.assembly.map { [$0] } ?? [])
      return (assembly, others.contains { $0.store === assembly.store })
    }
  }

  /// Ends them all, at the end of the process: the former ones may have alerts on their way, or a store of their own.
  ///
  /// - Parameter time: how long alerts may take.
  func end(within time: Duration) async {
    let all = lock.withLock { Array(former.values) + (site.assembly.map { [$0] } ?? []) }
    await withTaskGroup(of: Void.self) { group in
      for assembly in all {
        group.addTask { await assembly.end(within: time) }
      }
    }
  }

  /// More than three calls to the provider take, of 12 s at most, with all that the store may keep a request waiting.
  private static let longestRequest: Duration = .seconds(120)
  /// More than an alert takes with all its tries (`AlertQueue.pauses`), of 30 s at most.
  private static let longestAlert: Duration = .seconds(240)

  func respond(to request: consuming Request) async -> Response {
    await responder.respond(to: request)
  }

  var hasRoom: Bool { responder.hasRoom }

  private var responder: any Responder {
    lock.withLock { site.responder }
  }

  func overloaded() -> Response {
    current.overloaded()
  }

  var current: ServedSite {
    lock.withLock { site }
  }
}
