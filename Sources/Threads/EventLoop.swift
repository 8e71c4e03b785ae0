internal import CGlibc
internal import Glibc
internal import Synchronization

/// The executor of a single-threaded program: it runs tasks on that thread and, while none can proceed, waits for
/// descriptors, deadlines and signals (ppoll(2)).
///
/// Everything is confined to the thread that calls `run`. No other thread can wake it, so tasks must not wait for other
/// threads (`Task.sleep` uses some, `sleep(for:)` does not). Blocking calls run inline and hold up everything else.
///
/// `@unchecked Sendable`: a single-threaded program has no other thread that could touch its state.
public final class EventLoop: TaskExecutor, @unchecked Sendable {
  private var jobs: [UnownedJob] = []
  private var waiters: [Waiter] = []
  private var sources: [any EventSource] = []
  /// The signals that are unblocked while the loop waits, and what to run when the first one arrives.
  private var signals: (numbers: [CInt], action: @Sendable () async -> Void)?

  public init() {}

  /// What to wait for on a descriptor.
  public enum Readiness: Sendable {
    case readable, writable
  }

  private struct Waiter {
    /// Negative for a waiter that waits only for its deadline; poll(2) ignores it.
    let descriptor: CInt
    let events: Int16
    /// Nil for never.
    let deadline: ContinuousClock.Instant?
    let continuation: CheckedContinuation<Bool, Never>
  }

  /// Runs a task, and everything it starts on this loop, until it ends. Tasks still left then never resume.
  public func run<Value: Sendable>(_ work: @escaping @Sendable () async -> Value) -> Value {
    let result = Result<Value>()
    Task(executorPreference: self) { result.value = await work() }
    while true {
      runJobs()
      if let value = result.value { return value }
      lookAround()
    }
  }

  /// Sendable: written and read by the only thread.
  private final class Result<Value>: @unchecked Sendable {
    var value: Value?
  }

  // MARK: Called by tasks on the loop

  /// Waits for this long. Cancellation does not end the wait.
  public func sleep(for duration: Duration) async {
    _ = await withCheckedContinuation { continuation in
      waiters.append(Waiter(descriptor: -1, events: 0, deadline: .now + duration, continuation: continuation))
    }
  }

  /// Waits until a descriptor is ready, or broken so that reading or writing fails at once.
  ///
  /// - Parameter deadline: nil for never.
  /// - Returns: false if the deadline passed first.
  public func wait(
    until readiness: Readiness, of descriptor: CInt, before deadline: ContinuousClock.Instant? = nil
  ) async -> Bool {
    await withCheckedContinuation { continuation in
      waiters.append(
        Waiter(
          descriptor: descriptor, events: Int16(readiness == .readable ? POLLIN : POLLOUT), deadline: deadline,
          continuation: continuation))
    }
  }

  /// Adds a source that the loop serves from now on, until the source says that it is done.
  public func add(_ source: sending any EventSource) {
    sources.append(source)
  }

  /// Blocks these signals in the calling thread, but unblocks them while the loop waits.
  ///
  /// - Parameter action: runs once as a task of the loop, when the first of them arrives.
  public func onSignal(_ numbers: [CInt], _ action: @escaping @Sendable () async -> Void) {
    var set = sigset_t()
    unsafe sigemptyset(&set)
    for number in numbers { unsafe sigaddset(&set, number) }
    unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    Self.caught.store(false, ordering: .relaxed)
    for number in numbers {
      // It runs only during ppoll(2), because the signals are blocked elsewhere: it never interrupts our own code.
      signal(number) { _ in EventLoop.caught.store(true, ordering: .relaxed) }
    }
    signals = (numbers, action)
  }

  private static let caught = Atomic(false)

  public func enqueue(_ job: consuming ExecutorJob) {
    jobs.append(UnownedJob(job))
  }

  // MARK: A turn

  private func runJobs() {
    let ready = jobs
    jobs = []
    let executor = unsafe asUnownedTaskExecutor()
    for job in ready { unsafe job.runSynchronously(on: executor) }
  }

  /// Serves the sources, and waits for something to happen if no task can proceed.
  private func lookAround() {
    var due: [ContinuousClock.Instant] = waiters.compactMap(\.deadline)
    sources.removeAll { source in
      switch source.turn() {
      case .again(let latest):
        if let latest { due.append(latest) }
        return false
      case .over: return true
      }
    }
    waitForEvents(until: jobs.isEmpty ? due.min() : .now)
    if let signals, Self.caught.exchange(false, ordering: .relaxed) {
      self.signals = nil
      Task(executorPreference: self) { await signals.action() }
    }
  }

  private func waitForEvents(until deadline: ContinuousClock.Instant?) {
    var files = waiters.map { pollfd(fd: $0.descriptor, events: $0.events, revents: 0) }
    files += sources.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
    var mask = sigset_t()
    unsafe pthread_sigmask(SIG_SETMASK, nil, &mask)
    for number in signals?.numbers ?? [] { unsafe sigdelset(&mask, number) }
    let count: CInt
    if let deadline {
      let left = max(.zero, min(ContinuousClock.now.duration(to: deadline), .seconds(86_400)))
      var time = timespec(
        tv_sec: Int(left.components.seconds), tv_nsec: Int(left.components.attoseconds / 1_000_000_000))
      count = unsafe pingate_ppoll(&files, nfds_t(files.count), &time, &mask)
    } else {
      count = unsafe pingate_ppoll(&files, nfds_t(files.count), nil, &mask)
    }
    let now = ContinuousClock.now
    var index = -1
    waiters.removeAll { waiter in
      index += 1
      let isReady = count > 0 && files[index].revents != 0
      guard isReady || waiter.deadline.map({ $0 <= now }) ?? false else { return false }
      waiter.continuation.resume(returning: isReady)
      return true
    }
  }
}

/// Something with a descriptor of its own, typically a library, that an `EventLoop` serves besides its tasks.
public protocol EventSource: AnyObject {
  /// Readable when there is something to do.
  var descriptor: CInt { get }

  /// Does what can be done now, without waiting. Called in each turn of the loop.
  func turn() -> EventSourceTurn
}

/// What a source wants after its turn.
public enum EventSourceTurn {
  /// Call it again when its descriptor is readable, after anything that happens on the loop, and at this time at the
  /// latest; nil for never.
  case again(ContinuousClock.Instant?)
  /// It is done.
  case over
}
