import Glibc
import Testing
import Threads

struct POSIXThreadTests {
  @Test func `a thread has ended when it was joined, and may be joined again`() throws {
    let count = Count()
    let thread = try POSIXThread { count.add() }
    thread.join()
    thread.join()
    #expect(count.value == 1)
  }

  @Test func `a thread goes on when nobody holds it`() async throws {
    await withCheckedContinuation { (done: CheckedContinuation<Void, Never>) in
      do {
        _ = try POSIXThread { done.resume() }
      } catch {
        Issue.record(error)
        done.resume()
      }
    }
  }

  @Test func `all signals are blocked on a thread, and its maker's mask is as it was`() throws {
    // A mask of this test's, whatever others left here.
    var own = sigset_t()
    var former = sigset_t()
    unsafe sigemptyset(&own)
    unsafe sigaddset(&own, SIGUSR2)
    unsafe pthread_sigmask(SIG_SETMASK, &own, &former)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &former, nil) }
    let blocked = Blocked()
    try POSIXThread { blocked.signals = Self.blockedSignals() }.join()
    // Two are glibc's own, which it lets nobody block (signal(7), "nptl(7)").
    #expect(blocked.signals.isSuperset(of: (1...31).filter { $0 != SIGKILL && $0 != SIGSTOP }))
    #expect(Self.blockedSignals() == [SIGUSR2])
  }

  @Test func `a lock lets one in at a time`() throws {
    let count = Count()
    let threads = try (0..<4).map { _ in
      try POSIXThread { for _ in 0..<10_000 { count.add() } }
    }
    for thread in threads { thread.join() }
    #expect(count.value == 40_000)
  }

  private static func blockedSignals() -> Set<Int32> {
    var mask = sigset_t()
    unsafe pthread_sigmask(SIG_BLOCK, nil, &mask)
    return Set((1...64).filter { unsafe sigismember(&mask, $0) == 1 })
  }
}

/// `@unchecked Sendable`: the number is under the lock.
private final class Count: @unchecked Sendable {
  private let lock = Lock()
  private var number = 0

  func add() { lock.withLock { number += 1 } }
  var value: Int { lock.withLock { number } }
}

/// `@unchecked Sendable`: written by a thread that ends before it is read.
private final class Blocked: @unchecked Sendable {
  var signals: Set<Int32> = []
}
