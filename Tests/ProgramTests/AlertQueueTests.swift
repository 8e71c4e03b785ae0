import Foundation
import Limits
import Logging
import Testing
import Threads
import Verification

@testable import Program

@Suite(.timeLimit(.minutes(1)))
struct `Alerts on their way` {
  /// What a place got, and how it answers.
  private actor Place {
    private(set) var received: [[UInt8]] = []
    private(set) var pauses: [Duration] = []
    private var answers: [Delivery]
    private var isHeld: Bool
    private var held: [CheckedContinuation<Void, Never>] = []

    init(_ answers: [Delivery] = [], isHeld: Bool = false) {
      self.answers = answers
      self.isHeld = isHeld
    }

    func take(_ json: [UInt8]) async -> Delivery {
      received.append(json)
      if isHeld { await withCheckedContinuation { held.append($0) } }
      return answers.isEmpty ? .delivered : answers.removeFirst()
    }

    func pause(_ duration: Duration) { pauses.append(duration) }

    func release() {
      isHeld = false
      for waiting in held { waiting.resume() }
      held = []
    }
  }

  private func queue(_ place: Place, _ log: Lines = Lines()) -> AlertQueue {
    AlertQueue("url", log: log.logger, sleep: { await place.pause($0) }, deliver: { await place.take($0) })
  }

  private func alert(_ count: Int) -> Alert {
    Alert(.reached(.siteHour, percent: 50, count: count, limit: 200), site: "x", at: "")
  }

  private func finish(_ queue: AlertQueue) async {
    while !queue.isIdle { await Task.yield() }
  }

  @Test func `come in order, one after the other`() async {
    let place = Place()
    let queue = queue(place)
    let alerts = (0..<20).map(alert)
    for alert in alerts { queue.post(alert) }
    await finish(queue)
    #expect(await place.received == alerts.map(\.json))
  }

  @Test func `are tried again with growing pauses, and are the same`() async {
    let place = Place([.failed("a"), .failed("b")])
    let queue = queue(place)
    let alert = alert(1)
    queue.post(alert)
    await finish(queue)
    #expect(await place.received == [alert.json, alert.json, alert.json])
    #expect(await place.pauses == [.seconds(1), .seconds(4)])
  }

  @Test func `are given up after the last try, and the next one goes on`() async {
    let place = Place(Array(repeating: .failed("no"), count: 5))
    let log = Lines()
    let queue = queue(place, log)
    queue.post(alert(1))
    queue.post(alert(2))
    await finish(queue)
    #expect(await place.received.count == 6)
    #expect(log.messages == Array(repeating: "alert.failed", count: 4) + ["alert.lost", "alert.delivered"])
  }

  @Test func `are not tried again when that is of no use`() async {
    let place = Place([.refused("HTTP 404")])
    let log = Lines()
    let queue = queue(place, log)
    queue.post(alert(1))
    await finish(queue)
    #expect(await place.received.count == 1)
    #expect(log.messages == ["alert.lost"])
  }

  @Test func `that are given up are lost, once each, whatever comes of them`() async {
    let place = Place(isHeld: true)
    let log = Lines()
    let queue = queue(place, log)
    for count in 0..<3 { queue.post(alert(count)) }
    while await place.received.isEmpty { await Task.yield() }
    for _ in 0..<2 { queue.giveUp() }
    #expect(log.messages == Array(repeating: "alert.lost", count: 3))
    queue.post(alert(3))
    await place.release()
    await finish(queue)
    #expect(log.messages == Array(repeating: "alert.lost", count: 4))
    #expect(await place.received.count == 1)
  }

  @Test func `do not pile up`() async {
    let place = Place(isHeld: true)
    let log = Lines()
    let queue = queue(place, log)
    queue.post(alert(0))
    while await place.received.isEmpty { await Task.yield() }
    for count in 1...(AlertQueue.mostWaiting + 2) { queue.post(alert(count)) }
    #expect(log.messages == ["alert.dropped", "alert.dropped"])
    await place.release()
    await finish(queue)
    #expect(await place.received.count == 1 + AlertQueue.mostWaiting)
  }
}

/// A log that remembers its messages.
///
/// Sendable, because they are only touched under the lock.
final class Lines: @unchecked Sendable {
  private let lock = Lock()
  private var all: [String] = []

  var messages: [String] { lock.withLock { all } }
  var logger: Logger { Logger(label: "test") { _ in Handler(lines: self) } }

  private func add(_ message: String) { lock.withLock { all.append(message) } }

  private struct Handler: LogHandler {
    let lines: Lines
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]
    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }
    func log(event: LogEvent) { lines.add("\(event.message)") }
  }
}
