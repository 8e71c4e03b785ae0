import Foundation
import Support
import Testing
import Threads

@Test func `what is deferred is made when it is asked for, and once`() {
  let made = Noted<Void>()
  let deferred = Deferred {
    made.note()
    return "made"
  }
  #expect(made.count == 0)
  DispatchQueue.concurrentPerform(iterations: 64) { _ in #expect(deferred.value == "made") }
  #expect(made.count == 1)
}
