import Foundation
import Threads

/// Statuses for one request after another. Safe to share: they are behind `lock`.
final class AnswerQueue: @unchecked Sendable {
  private let lock = Lock()
  private var statuses: [Int]

  init(_ statuses: [Int]) {
    self.statuses = statuses
  }

  /// The next one; 404, which is none of Vonage's, when no more were expected.
  func next() -> Int {
    lock.withLock { statuses.isEmpty ? 404 : statuses.removeFirst() }
  }
}
