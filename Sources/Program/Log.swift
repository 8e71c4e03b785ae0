internal import Logging

/// The program's log.
enum Log {
  static func logger(level: Logger.Level) -> Logger {
    Logger(label: "pingate") { _ in LogLine(level: level) }
  }
}
