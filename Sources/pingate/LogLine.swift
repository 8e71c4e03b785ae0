internal import Glibc
internal import Logging

/// Writes each event as one line to standard error, which is the web server's or the journal's log:
///
///     2026-11-24T22:11:35Z info start.sent exchange=6k2p1f0a number=*********04
///
/// What is not printable in a line is escaped, so that nobody can forge one.
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
    var fields = metadata
    if let own = event.metadata {
      fields.merge(own) { _, own in own }
    }
    sink.write(Self.line(event.level, "\(event.message)", fields, at: Self.now()))
  }

  /// The text of one line, its end included.
  static func line(_ level: Logger.Level, _ message: String, _ fields: Logger.Metadata, at time: String) -> String {
    var line = "\(time) \(level) \(escaped(message))"
    for (name, value) in fields.sorted(by: { $0.key < $1.key }) {
      line += " \(name)=\(quoted("\(value)"))"
    }
    return line + "\n"
  }

  private static func quoted(_ value: String) -> String {
    let isPlain = !value.isEmpty && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") }
    return isPlain ? value : "\"\(escaped(value))\""
  }

  private static func escaped(_ text: String) -> String {
    // Nearly every text; the general way looks each character up.
    let isPlain = text.utf8.allSatisfy {
      $0 >= 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\")
    }
    if isPlain { return text }
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"", "\\": escaped += "\\\(scalar)"
      case _
      where scalar.properties.generalCategory == .control || scalar.properties.generalCategory == .format
        || scalar.properties.generalCategory == .lineSeparator
        || scalar.properties.generalCategory == .paragraphSeparator:
        escaped += "\\u{\(String(scalar.value, radix: 16))}"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// The time in UTC to the second (RFC 3339).
  static func now() -> String {
    var seconds = time(nil)
    var fields = unsafe tm()
    unsafe gmtime_r(&seconds, &fields)
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      guard let start = buffer.baseAddress,
        unsafe strftime(start, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &fields) > 0
      else { return "-" }
      return unsafe String(cString: start)
    }
  }
}
