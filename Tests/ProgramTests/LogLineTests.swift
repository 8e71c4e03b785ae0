import Foundation
import Logging
import Testing

@testable import Program

@Suite struct `A line of the log` {
  @Test func `has time, level, event and sorted fields`() {
    let line = LogLine.line(.info, "start.sent", ["b": "2", "a": "1"], at: "2026-11-24T22:11:35Z")
    #expect(line == "2026-11-24T22:11:35Z info start.sent a=1 b=2\n")
  }

  @Test(arguments: [
    ("two words", "\"two words\""), ("", "\"\""), ("a\"b", "\"a\\\"b\""), ("a\\b", "a\\b"),
    ("x\ny", "\"x\\u{a}y\""), ("x\ry", "\"x\\u{d}y\""), ("\u{1B}[2J", "\"\\u{1b}[2J\""), ("\u{2028}", "\"\\u{2028}\""),
    ("\u{202E}", "\"\\u{202e}\""), ("ü", "\"ü\""),
  ])
  func `cannot be forged with what stands in a field`(value: String, written: String) {
    #expect(LogLine.line(.info, "e", ["f": "\(value)"], at: "t") == "t info e f=\(written)\n")
  }

  @Test func `is written with the fields of the logger and of the event`() throws {
    let pipe = Pipe()
    var logger = Logger(label: "x") { _ in
      LogLine(level: .info, sink: LogSink(pipe.fileHandleForWriting.fileDescriptor))
    }
    logger[metadataKey: "site"] = "shop"
    logger.info("one", metadata: ["n": "1"])
    logger.debug("not written")
    try pipe.fileHandleForWriting.close()
    let text = try #require(String(data: pipe.fileHandleForReading.readDataToEndOfFile(), encoding: .utf8))
    #expect(text.hasSuffix("Z info one n=1 site=shop\n"))
    #expect(text.split(separator: "\n").count == 1)
  }
}
