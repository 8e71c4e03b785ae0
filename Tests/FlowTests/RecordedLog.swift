import Foundation
import Logging
import Threads

/// Every line that was logged, as text. Safe to share: the lines are behind `lock`.
final class RecordedLog: @unchecked Sendable {
  struct Line: Sendable {
    let level: Logger.Level
    let message: String
    let metadata: [String: String]

    var text: String { "\(level) \(message) \(metadata)" }
  }

  private let lock = Lock()
  private var recorded: [Line] = []

  var lines: [Line] { lock.withLock { recorded } }

  func logger(level: Logger.Level = .trace) -> Logger {
    var logger = Logger(label: "test") { _ in Handler(log: self) }
    logger.logLevel = level
    return logger
  }

  private func append(_ line: Line) { lock.withLock { recorded.append(line) } }

  private struct Handler: LogHandler {
    let log: RecordedLog
    var logLevel = Logger.Level.trace
    var metadata: Logger.Metadata = [:]

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
      get { metadata[key] }
      set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
      let metadata = (event.metadata ?? [:]).mapValues { "\($0)" }
      log.append(Line(level: event.level, message: "\(event.message)", metadata: metadata))
    }
  }
}
