import Glibc
import Testing
import Threads

@Suite(.timeLimit(.minutes(1))) struct EventLoopTests {
  /// Where the calling code runs.
  private static func thread() -> UInt { UInt(pthread_self()) }

  @Test func `a task and all that it starts run on the thread of the loop`() {
    let loop = EventLoop()
    let execution = Execution.loop(loop)
    actor Actor {
      func thread() -> UInt { UInt(pthread_self()) }
    }
    let threads = loop.run {
      async let child = Self.thread()
      var threads = [Self.thread(), await child, await Actor().thread(), await execution.task { Self.thread() }.value]
      await execution.sleep(for: .milliseconds(1))
      threads.append(Self.thread())
      threads.append(await execution.blocking { Self.thread() })
      threads += await withTaskGroup(of: UInt.self) { group in
        for _ in 0..<3 { group.addTask { Self.thread() } }
        return await group.reduce(into: []) { $0.append($1) }
      }
      return threads
    }
    #expect(Set(threads) == [Self.thread()])
  }

  @Test func `tasks go on in the order of their times`() {
    let loop = EventLoop()
    let order = loop.run {
      let late = Execution.loop(loop).task { () -> ContinuousClock.Instant in
        await loop.sleep(for: .milliseconds(2))
        return .now
      }
      await loop.sleep(for: .milliseconds(1))
      let early = ContinuousClock.now
      return (early, await late.value)
    }
    #expect(order.0 < order.1)
  }

  @Test func `a descriptor is waited for until it is ready, or for so long`() {
    var ends: [CInt] = [-1, -1]
    let made = pipe(&ends)
    #expect(made == 0)
    defer { for end in ends { close(end) } }
    let (reading, writing) = (ends[0], ends[1])
    let loop = EventLoop()
    let (before, after, room) = loop.run {
      let before = await loop.wait(until: .readable, of: reading, before: .now)
      Execution.loop(loop).task {
        var byte: UInt8 = 1
        write(writing, &byte, 1)
      }
      return (
        before, await loop.wait(until: .readable, of: reading), await loop.wait(until: .writable, of: writing)
      )
    }
    #expect((before, after, room) == (false, true, true))
  }

  @Test func `a pipe whose other end is gone is ready`() {
    var ends: [CInt] = [-1, -1]
    let made = pipe(&ends)
    #expect(made == 0)
    close(ends[1])
    defer { close(ends[0]) }
    let loop = EventLoop()
    let isReady = loop.run { [reading = ends[0]] in await loop.wait(until: .readable, of: reading) }
    #expect(isReady)
  }

  @Test func `a source is called until it has ended, and wakes the loop by its descriptor and by its time`() {
    final class Source: EventSource {
      let descriptor: CInt
      private var turns = 0
      private let ended: @Sendable () -> Void

      init(_ descriptor: CInt, ended: @escaping @Sendable () -> Void) {
        self.descriptor = descriptor
        self.ended = ended
      }

      func turn() -> EventSourceTurn {
        turns += 1
        guard turns > 3 else { return .again(.now + .milliseconds(1)) }
        ended()
        return .over
      }
    }
    var ends: [CInt] = [-1, -1]
    let made = pipe(&ends)
    #expect(made == 0)
    defer { for end in ends { close(end) } }
    let loop = EventLoop()
    let isOver = loop.run { [reading = ends[0]] in
      await withCheckedContinuation { caller in
        loop.add(Source(reading) { caller.resume(returning: true) })
      }
    }
    #expect(isOver)
  }

  @Test func `a signal is let in while the loop waits, once, and is blocked elsewhere`() async {
    // In a process of its own, which the signal would end.
    await #expect(processExitsWith: .exitCode(7)) {
      let loop = EventLoop()
      loop.onSignal([SIGTERM]) { exit(7) }
      raise(SIGTERM)  // to this thread, which blocks it
      loop.run { await loop.sleep(for: .seconds(3600)) }
    }
  }
}
