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

  init(_ site: ServedSite) {
    self.site = site
  }

  /// The former site is kept until its requests have ended: the last of them would else close its connections and its
  /// database on the web server's thread.
  func replace(with site: ServedSite) {
    let former = lock.withLock {
      defer { self.site = site }
      return self.site
    }
    Task {
      try? await Task.sleep(for: Self.longestRequest)  // nobody cancels it
      withExtendedLifetime(former) {}
    }
  }

  /// More than three calls to the provider take, of 12 s at most, with all that the store may keep a request waiting.
  private static let longestRequest: Duration = .seconds(120)

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
