import Testing

@testable import Program

@Suite struct LogQueueTests {
  private static func notice(_ lost: Int) -> String {
    lost == 1
      ? "(1 line of the log was lost: nobody took it)\n" : "(\(lost) lines of the log were lost: nobody took them)\n"
  }

  private func text(_ batch: LogQueue.Batch?) -> String? {
    batch.map { String(decoding: $0.bytes, as: UTF8.self) }
  }

  private func filled(_ queue: LogQueue, _ lines: Int, isSevere: Bool = false) -> LogQueue {
    var queue = queue
    for number in 0..<lines { queue.add(Array("line \(number)\n".utf8), isSevere: isSevere) }
    return queue
  }

  @Test func `lines come out whole, as many at a time as fit`() {
    var queue = filled(LogQueue(), 4)
    #expect(text(queue.take(21)) == "line 0\nline 1\nline 2\n")
    #expect(text(queue.take(1)) == "line 3\n")
    #expect(text(queue.take(1)) == nil && queue.isEmpty)
  }

  @Test(arguments: [(7, 0), (8, 1), (9, 2)]) func `so many lines are kept`(_ count: Int, _ lost: Int) {
    var queue = filled(LogQueue(.init(lines: 8, bytes: 1_000, reserve: 8)), count)
    let batch = queue.take(.max)
    #expect(text(batch)?.hasSuffix(lost > 0 ? Self.notice(lost) : "line 6\n") == true)
    #expect(batch?.lines == count)
  }

  @Test(arguments: [(4, 0), (5, 1)]) func `so many bytes are kept`(_ count: Int, _ lost: Int) {
    // Of 32, an eighth of which is kept for what is severe: four lines of seven.
    var queue = filled(LogQueue(.init(lines: 100, bytes: 32, reserve: 8)), count)
    #expect(text(queue.take(.max))?.hasSuffix(lost > 0 ? Self.notice(lost) : "line 3\n") == true)
  }

  @Test func `what is severe has a part of its own, and is counted when it is full too`() {
    var queue = filled(LogQueue(.init(lines: 8, bytes: 1_000, reserve: 4)), 10)
    queue.add(Array("severe\n".utf8), isSevere: true)
    queue = filled(queue, 3, isSevere: true)
    #expect(text(queue.take(.max))?.hasSuffix("line 5\nsevere\n" + Self.notice(7)) == true)
  }

  @Test func `a gap is one gap until half of the queue is free again`() {
    var queue = filled(LogQueue(.init(lines: 8, bytes: 1_000, reserve: 8)), 20)
    _ = queue.take(7)
    queue.add(Array("lost\n".utf8), isSevere: false)
    #expect(text(queue.take(7 * 3)) == "line 1\nline 2\nline 3\n")
    queue.add(Array("after\n".utf8), isSevere: false)
    #expect(text(queue.take(.max)) == "line 4\nline 5\nline 6\n" + Self.notice(14) + "after\n")
  }

  @Test func `what could not be written is told of before what is written next`() {
    var queue = filled(LogQueue(), 3)
    for (bytes, lost) in [(7, 1), (55, 2)] {
      let batch = queue.take(bytes)
      #expect(batch?.lines == lost)
      queue.lose(batch?.lines ?? 0)
    }
    #expect(text(queue.take(.max)) == Self.notice(2) + "line 2\n")
  }
}
