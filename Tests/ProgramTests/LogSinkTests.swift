import Foundation
import Glibc
import Testing

@testable import Program

/// How a sink writes.
enum Way: CaseIterable {
  case atOnce, onAThread
}

@Suite(.timeLimit(.minutes(1))) struct `A log that stands still` {
  private let pipe = Pipe()

  private func sink(_ way: Way, _ limits: LogQueue.Limits = .init(lines: 8, bytes: 4_096)) throws -> LogSink {
    let sink = LogSink(pipe.fileHandleForWriting.fileDescriptor, limits: limits)
    if way == .onAThread { try sink.startThread() }
    return sink
  }

  /// Leaves no room in the pipe.
  ///
  /// - Returns: how many bytes are in it.
  private func fill() -> Int {
    let descriptor = pipe.fileHandleForWriting.fileDescriptor
    let flags = fcntl(descriptor, F_GETFL)
    _ = fcntl(descriptor, F_SETFL, flags | O_NONBLOCK)
    let page = [UInt8](repeating: UInt8(ascii: "."), count: 4_096)
    var count = 0
    while case let written = unsafe write(descriptor, page, page.count), written > 0 { count += written }
    _ = fcntl(descriptor, F_SETFL, flags)
    return count
  }

  /// Takes out as many bytes, once they have come.
  private func take(_ count: Int) -> String {
    var text: [UInt8] = []
    while text.count < count, case let more = pipe.fileHandleForReading.readData(ofLength: count - text.count),
      !more.isEmpty
    {
      text += more
    }
    return String(decoding: text, as: UTF8.self)
  }

  /// Takes out lines, once they have come, up to one that ends like this.
  private func lines(upTo last: String) -> [String] {
    var text = ""
    while !text.hasSuffix(last + "\n") { text += take(1) }
    return text.split(separator: "\n").map(String.init)
  }

  @Test(arguments: Way.allCases) func `holds nobody up, and its lines are counted`(_ way: Way) throws {
    let sink = try sink(way)
    let full = fill()
    for number in 1...100 { sink.write("line \(number)\n") }
    // A reader that begins to read again.
    _ = take(full)
    sink.flush(within: .seconds(60))
    sink.write("after\n")
    let lines = lines(upTo: "after")
    let kept = lines.filter { $0.hasPrefix("line ") }
    #expect(kept == (1...kept.count).map { "line \($0)" })
    #expect(kept.count == 7 || kept.count == 8)
    #expect(lines == kept + ["(\(100 - kept.count) lines of the log were lost: nobody took them)", "after"])
    sink.write("and on\n")
    #expect(self.lines(upTo: "and on") == ["and on"])
  }

  @Test(arguments: Way.allCases) func `keeps what is severe longer`(_ way: Way) throws {
    let sink = try sink(way, .init(lines: 100, bytes: 8_192))
    let full = fill()
    for number in 1...200 { sink.write("line \(number)\n") }
    sink.write("severe 1\n", isSevere: true)
    sink.write("line 201\n")
    sink.write("severe 2\n", isSevere: true)
    _ = take(full)
    sink.flush(within: .seconds(60))
    sink.write("after\n")
    let lines = lines(upTo: "after")
    let kept = lines.count { $0.hasPrefix("line ") }
    #expect(kept < 100)
    #expect(
      lines.suffix(4) == [
        "severe 1", "severe 2", "(\(201 - kept) lines of the log were lost: nobody took them)", "after",
      ])
  }

  @Test(arguments: Way.allCases) func `gets its lines whole over a socket of which little is taken at a time`(
    _ way: Way
  ) throws {
    var ends: [CInt] = [-1, -1]
    #expect(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
    defer { for end in ends { close(end) } }
    var size: CInt = 1
    unsafe setsockopt(ends[0], SOL_SOCKET, SO_SNDBUF, &size, 4)
    let sink = LogSink(ends[0], limits: .init(lines: 1_000, bytes: 1 << 20))
    if way == .onAThread { try sink.startThread() }
    var sent: [String] = []
    for number in 1...500 {
      sent.append("\(number) " + String(repeating: "x", count: number * 7))
      sink.write(sent[number - 1] + "\n")
    }
    let socket = ends[0]
    // Whoever writes at once has to be asked to go on.
    Thread.detachNewThread {
      sink.flush(within: .seconds(60))
      shutdown(socket, CInt(SHUT_WR))
    }
    var text: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 777)
    while case let count = unsafe read(ends[1], &buffer, buffer.count), count > 0 { text += buffer.prefix(count) }
    #expect(String(decoding: text, as: UTF8.self).split(separator: "\n").map(String.init) == sent)
  }

  @Test(arguments: Way.allCases) func `holds nobody up at the end either`(_ way: Way) throws {
    let sink = try sink(way)
    let full = fill()
    sink.write("line\n")
    sink.flush(within: .milliseconds(1))
    _ = take(full)
    sink.flush(within: .seconds(60))
    #expect(take(5) == "line\n")
  }

  @Test(arguments: Way.allCases) func `that nobody reads any more is no reason to stop`(_ way: Way) throws {
    signal(SIGPIPE, SIG_IGN)
    let sink = try sink(way)
    try pipe.fileHandleForReading.close()
    for _ in 0..<100 { sink.write("to nobody\n") }
    // Nothing is to be waited for.
    sink.flush(within: .seconds(3_600))
  }

  @Test(arguments: Way.allCases) func `whose disk is full tells what was lost when there is room again`(
    _ way: Way
  ) throws {
    // A descriptor that fails, and then becomes one that does not.
    let descriptor = unsafe open("/dev/full", O_WRONLY | O_CLOEXEC)
    defer { close(descriptor) }
    let sink = LogSink(descriptor)
    if way == .onAThread { try sink.startThread() }
    for number in 1...3 {
      sink.write("\(number)\n")
      sink.flush(within: .seconds(60))
    }
    dup2(pipe.fileHandleForWriting.fileDescriptor, descriptor)
    sink.write("after\n")
    #expect(lines(upTo: "after") == ["(3 lines of the log were lost: nobody took them)", "after"])
  }

  @Test(arguments: [(4_096, 4_096), (4_097, 4_096)])
  func `cuts a line that a pipe would not take whole`(length: Int, written: Int) throws {
    try sink(.atOnce, LogQueue.Limits()).write(String(repeating: "x", count: length - 1) + "\n")
    let text = take(written)
    #expect(text.utf8.count == written)
    #expect(text.hasSuffix("x\n"))
  }

  @Test func `cuts no character in two`() throws {
    try sink(.atOnce, LogQueue.Limits()).write("x" + String(repeating: "ü", count: 4_096) + "\n")
    #expect(take(4_096) == "x" + String(repeating: "ü", count: 2_047) + "\n")
  }
}
