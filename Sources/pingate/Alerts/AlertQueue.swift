internal import Foundation
internal import Logging

/// Brings alerts to one place, one after the other, apart from the requests that caused them. What fails is tried again a
/// few times; what is too much is dropped, and both are in the log.
///
/// Sendable, because what changes is only touched under the lock.
final class AlertQueue: @unchecked Sendable {
  /// What the place is called in the log.
  private let name: String
  private let log: Logger
  private let pauses: [Duration]
  private let pause: @Sendable (Duration) async -> Void
  private let deliver: @Sendable ([UInt8]) async -> Delivery

  private let lock = NSLock()
  private var waiting: [Alert] = []
  private var isBusy = false

  /// More cannot be news: each row tells of itself three times in its window.
  static let mostWaiting = 64
  static let pauses: [Duration] = [.seconds(1), .seconds(4), .seconds(15), .seconds(60)]

  /// - Parameters:
  ///   - pauses: before the second try, the third, and so on.
  ///   - deliver: takes the alert's JSON there.
  init(
    _ name: String, log: Logger, pauses: [Duration] = AlertQueue.pauses,
    pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) },  // never cancelled
    deliver: @escaping @Sendable ([UInt8]) async -> Delivery
  ) {
    self.name = name
    self.log = log
    self.pauses = pauses
    self.pause = pause
    self.deliver = deliver
  }

  func post(_ alert: Alert) {
    enum Next { case start, wait, drop }
    let next: Next = lock.withLock {
      guard waiting.count < Self.mostWaiting else { return .drop }
      waiting.append(alert)
      if isBusy { return .wait }
      isBusy = true
      return .start
    }
    switch next {
    case .start: Task { await self.run() }
    case .wait: break
    case .drop: log.error("alert.dropped", metadata: fields(alert))
    }
  }

  /// Whether everything was brought there, or given up.
  var isIdle: Bool { lock.withLock { !isBusy } }

  private func run() async {
    while let alert = next() { await bring(alert) }
  }

  private func next() -> Alert? {
    lock.withLock {
      isBusy = !waiting.isEmpty
      return waiting.isEmpty ? nil : waiting.removeFirst()
    }
  }

  private func bring(_ alert: Alert) async {
    let json = alert.json
    for pause in pauses.map(Optional.init) + [nil] {
      switch await deliver(json) {
      case .delivered:
        log.info("alert.delivered", metadata: fields(alert))
        return
      case .refused(let reason):
        log.error("alert.lost", metadata: fields(alert, reason))
        return
      case .failed(let reason):
        guard let pause else {
          log.error("alert.lost", metadata: fields(alert, reason))
          return
        }
        log.warning("alert.failed", metadata: fields(alert, reason))
        await self.pause(pause)
      }
    }
  }

  private func fields(_ alert: Alert, _ reason: String? = nil) -> Logger.Metadata {
    var fields: Logger.Metadata = [
      "to": "\(name)", "id": "\(alert.id)", "event": "\(alert.event)", "row": "\(alert.row)",
    ]
    if let reason { fields["reason"] = "\(reason)" }
    return fields
  }
}
