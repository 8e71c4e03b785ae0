import Foundation

/// The lines on standard output, of many threads.
///
/// Sendable: everything is under the lock.
final class AnswerLines: @unchecked Sendable {
  private let condition = NSCondition()
  private var ended = 0

  /// - Parameter answer: nil where the connection broke off.
  func write(_ index: Int, _ answer: Answer?) {
    let line = Array("\(index)\t\(answer?.status ?? "0")\t\(answer?.title ?? "")\n".utf8)
    condition.withLock {
      // Whoever reads them may have seen enough.
      try? FileHandle.standardOutput.write(contentsOf: line)
    }
  }

  func endOfWorker() {
    condition.withLock {
      ended += 1
      condition.signal()
    }
  }

  func wait(forWorkers count: Int) {
    condition.withLock {
      while ended < count { condition.wait() }
    }
  }
}
