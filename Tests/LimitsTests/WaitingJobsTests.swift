import LimitEngine
import Limits
import Testing

@Suite struct `What waits for a store` {
  private let start = ContinuousClock.now

  /// A job that is known by its deadline.
  private func job(_ number: Int, endsSend: Bool) -> LimiterJob {
    LimiterJob(
      run: { _ throws(StoreFailure) in {} }, fail: { _ in }, keys: [], isDurable: !endsSend, endsSend: endsSend,
      deadline: start + .seconds(number))
  }

  private func numbers(_ batch: [LimiterJob]) -> [Int] {
    batch.map { Int((start.duration(to: $0.deadline)).components.seconds) }
  }

  private func failure(_ entry: WaitingJobs.Entry) -> StoreFailure? {
    if case .refuse(let failure) = entry { failure } else { nil }
  }

  @Test func `goes in the order in which it came, but for ends of sends, which go first`() {
    var waiting = WaitingJobs(for: "the database")
    for (number, endsSend) in [false, true, false, true].enumerated() {
      #expect(failure(waiting.add(job(number, endsSend: endsSend))) == nil)
    }
    #expect(numbers(waiting.takeBatch()) == [1, 3, 0, 2])
    #expect(waiting.takeBatch().isEmpty)
  }

  @Test func `is limited, and ends of sends are not`() {
    var waiting = WaitingJobs(for: "the database")
    for number in 0..<WaitingJobs.mostNewcomers {
      #expect(failure(waiting.add(job(number, endsSend: false))) == nil)
    }
    #expect(failure(waiting.add(job(0, endsSend: false)))?.kind == .overloaded)
    for number in 0..<200 { #expect(failure(waiting.add(job(number, endsSend: true))) == nil) }
    #expect(failure(waiting.add(job(0, endsSend: false)))?.kind == .overloaded)
    #expect(numbers(waiting.takeBatch()) == Array(0..<128))
    #expect(numbers(waiting.takeBatch()) == Array(128..<200) + Array(0..<56))
    // There is room again.
    #expect(failure(waiting.add(job(0, endsSend: false))) == nil)
  }

  @Test func `has room for more while less than two batches wait, ends of sends not counted`() {
    var waiting = WaitingJobs(for: "the database")
    for number in 0..<2 * WaitingJobs.mostInBatch {
      #expect(waiting.hasRoom)
      _ = waiting.add(job(number, endsSend: false))
      _ = waiting.add(job(number, endsSend: true))
    }
    #expect(!waiting.hasRoom)
    for _ in 0..<3 { _ = waiting.takeBatch() }
    #expect(waiting.hasRoom)
  }

  @Test func `is begun by one alone, until nothing is left`() {
    var waiting = WaitingJobs(for: "the database")
    func begins() -> Bool { if case .drain = waiting.add(job(0, endsSend: false)) { true } else { false } }
    #expect(begins())
    #expect(!begins())
    #expect(waiting.takeBatch().count == 2)
    #expect(!begins())
    #expect(waiting.takeBatch().count == 1)
    #expect(waiting.takeBatch().isEmpty)
    #expect(begins())
  }

  @Test(arguments: [false, true]) func `gets its turn when nothing more is let in`(endsSend: Bool) {
    var waiting = WaitingJobs(for: "the database")
    _ = waiting.add(job(0, endsSend: endsSend))
    waiting.close()
    #expect(failure(waiting.add(job(1, endsSend: endsSend)))?.kind == .unavailable)
    #expect(numbers(waiting.takeBatch()) == [0])
  }
}
