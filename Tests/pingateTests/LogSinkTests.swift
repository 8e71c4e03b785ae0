import Foundation
import Glibc
import Testing

@testable import pingate

@Suite struct `A log that stands still` {
  private let pipe = Pipe()

  private var sink: LogSink { LogSink(pipe.fileHandleForWriting.fileDescriptor, patience: .zero) }

  private func fill(_ sink: LogSink, withLinesOf length: Int = 1_024) -> Int {
    let line = String(repeating: "x", count: length - 1) + "\n"
    // More than a pipe takes (pipe(7): 64 KiB).
    for _ in 0..<100 { sink.write(line) }
    return 100 * line.utf8.count
  }

  /// - Parameter most: how many bytes are taken.
  private func drain(_ most: Int = .max) -> String {
    let descriptor = pipe.fileHandleForReading.fileDescriptor
    _ = fcntl(descriptor, F_SETFL, O_NONBLOCK)
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while case let count = unsafe read(descriptor, &buffer, min(buffer.count, most - text.count)), count > 0 {
      text += buffer.prefix(count)
    }
    return String(decoding: text, as: UTF8.self)
  }

  @Test func `holds nobody up, and its lines are counted`() {
    let sink = sink
    let written = fill(sink)
    let taken = drain()
    #expect(taken.utf8.count < written)
    let lost = 100 - taken.split(separator: "\n").count
    #expect(lost > 0)

    sink.write("after\n")
    #expect(drain() == "(\(lost) lines of the log were lost: nobody took them)\nafter\n")
    sink.write("and on\n")
    #expect(drain() == "and on\n")
  }

  @Test func `counts each lost line once, also when there was room for the number only`() {
    let sink = sink
    // Each line is a page of the pipe, and a page is room for one write, however short.
    _ = fill(sink, withLinesOf: 4_096)
    let first = drain(4_096)
    sink.write("lost\n")
    let rest = drain()
    let lost = 100 - (first + rest).split(separator: "\n").count(where: { $0.hasPrefix("x") })
    #expect(rest.hasSuffix("\n(\(lost) lines of the log were lost: nobody took them)\n"))
    sink.write("after\n")
    #expect(drain() == "(1 lines of the log were lost: nobody took them)\nafter\n")
  }

  @Test(.timeLimit(.minutes(1))) func `is waited for once, and again after a while`() async {
    let clock = NSLock()
    nonisolated(unsafe) var time = ContinuousClock.now
    let sink = LogSink(pipe.fileHandleForWriting.fileDescriptor, patience: .seconds(3_600)) {
      clock.withLock { unsafe time }
    }
    // One that waited wrongly would do so for an hour.
    for waits in [true, false, true] {
      _ = fill(LogSink(pipe.fileHandleForWriting.fileDescriptor, patience: .zero))
      guard waits else {
        sink.write("lost\n")
        #expect(!drain().contains("lost\n"))
        clock.withLock { unsafe time += LogSink.pause }
        sink.write("after\n")
        #expect(drain().hasSuffix("after\n"))
        continue
      }
      async let written: Void = sink.write("waits\n")
      var text = ""
      while !text.contains("waits\n") {
        await Task.yield()
        text += drain()
      }
      await written
    }
  }

  @Test func `that nobody reads any more is no reason to stop`() throws {
    let sink = sink
    try pipe.fileHandleForReading.close()
    signal(SIGPIPE, SIG_IGN)
    sink.write("to nobody\n")
  }

  @Test(arguments: [(4_096, 4_096), (4_097, 4_096)])
  func `cuts a line that a pipe would not take whole`(length: Int, written: Int) {
    sink.write(String(repeating: "x", count: length - 1) + "\n")
    let text = drain()
    #expect(text.utf8.count == written)
    #expect(text.hasSuffix("x\n"))
  }
}
