import Foundation
import Testing
import Threads

/// How often something was done, by whichever thread.
private final class Tally: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  func add() { lock.withLock { count += 1 } }
  var value: Int { lock.withLock { count } }
}

@Test func `what is deferred is made when it is asked for, and once`() {
  let made = Tally()
  let deferred = Deferred {
    made.add()
    return "made"
  }
  #expect(made.value == 0)
  DispatchQueue.concurrentPerform(iterations: 64) { _ in #expect(deferred.value == "made") }
  #expect(made.value == 1)
}
