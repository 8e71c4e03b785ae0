internal import Glibc
internal import Logging
internal import Verification

/// Writes each event as one line to standard error, which is the web server's or the journal's log:
///
///     2026-11-24T22:11:35Z info start.sent exchange=6k2p1f0a number=*********04
///
/// Unprintable characters are escaped, so that nobody can forge a line.
struct LogLine: LogHandler {
  var logLevel: Logger.Level
  var metadata: Logger.Metadata = [:]
  var metadataProvider: Logger.MetadataProvider?
  private let sink: LogSink

  init(level: Logger.Level, sink: LogSink = .standardError) {
    logLevel = level
    self.sink = sink
  }

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let own = event.metadata ?? [:]
    let fields = metadata.isEmpty ? own : metadata.merging(own) { _, own in own }
    sink.write(Self.line(event.level, "\(event.message)", fields, at: Self.now()), isSevere: event.level >= .error)
  }

  /// The text of one line, including the line break.
  static func line(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata, at time: String) -> String {
    var line = ""
    line.reserveCapacity(usualLength)
    line += time
    line += " "
    line += level.rawValue
    line += " "
    line += escaped(message)
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      line += " "
      line += name
      line += "="
      line += quoted(value.description)
    }
    line += "\n"
    return line
  }

  private static func quoted(_ value: String) -> String {
    let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
    return isPlain ? value : "\"\(escaped(value))\""
  }

  private static func escaped(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: isEscaped) else { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": escaped += "\\\(scalar)"
      case _ where isEscaped(scalar): escaped += "\\u{\(String(scalar.value, radix: 16))}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  private static func isEscaped(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar {
    case "\"", "\\": return true
    case " "..."~": return false  // nearly every character: no other need be looked up
    default: break
    }
    return switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }

  /// More bytes than a line about a request has.
  private static let usualLength = 192

  /// The time in UTC to the second (RFC 3339).
  static func now() -> String { Timestamp(secondsSinceEpoch: Int64(time(nil))).rfc3339 }
}

/// The program's log.
enum Log {
  static func logger(level: Logger.Level) -> Logger {
    Logger(label: "pingate") { _ in LogLine(level: level) }
  }
}
