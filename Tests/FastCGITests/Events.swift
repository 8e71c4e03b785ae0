import FastCGI
import Foundation
import Threads

/// The events that a server reported, and a way to wait for one.
final class Events: @unchecked Sendable {
  private let lock = Lock()
  private var seen: [FastCGIEvent] = []
  private var watchers: [(event: FastCGIEvent, continuation: CheckedContinuation<Void, Never>)] = []

  func report(_ event: FastCGIEvent) {
    let resumed = lock.withLock {
      seen.append(event)
      let resumed = watchers.filter { $0.event == event }
      watchers.removeAll { $0.event == event }
      return resumed
    }
    for watcher in resumed { watcher.continuation.resume() }
  }

  var all: [FastCGIEvent] { lock.withLock { seen } }

  func wait(for event: FastCGIEvent) async {
    await withCheckedContinuation { continuation in
      let isSeen = lock.withLock {
        if seen.contains(event) { return true }
        watchers.append((event, continuation))
        return false
      }
      if isSeen { continuation.resume() }
    }
  }
}
