import Foundation
import Threads

/// The site's pauses, which take no time: each runs what a test wants to happen meanwhile. Safe to share: all of it is behind
/// `lock`.
final class Pauses: @unchecked Sendable {
  private let lock = Lock()
  private var durations: [Duration] = []
  private var action: (@Sendable (Duration) async -> Void)?

  var all: [Duration] { lock.withLock { durations } }

  func meanwhile(_ action: @escaping @Sendable (Duration) async -> Void) { lock.withLock { self.action = action } }

  func wait(_ duration: Duration) async {
    let action = lock.withLock {
      durations.append(duration)
      return self.action
    }
    await action?(duration)
  }
}
