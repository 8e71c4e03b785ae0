internal import CGlibc
internal import Glibc

/// A thread (pthreads(7)) that does one thing, which may block for long, and ends. Tasks must not block: the threads
/// that they run on are only as many as there are processors.
///
/// It blocks all signals: those belong to the threads that wait for them, and libfcgi does not survive one during a
/// system call.
///
/// `@unchecked Sendable`: the thread's handle is under the lock.
public final class POSIXThread: @unchecked Sendable {
  private let lock = Lock()
  private var thread: pthread_t?

  /// The thread could not be created.
  public struct Failure: Error, Equatable {
    /// What pthread_create(3) returned: `EAGAIN` at the thread limit or out of memory.
    public let errorNumber: Int32
  }

  private final class Work {
    let name: String
    let body: () -> Void

    init(_ name: String, _ body: @escaping () -> Void) {
      self.name = name
      self.body = body
    }

    func run() {
      _ = unsafe pingate_name_thread(name)  // For people who debug; it cannot fail.
      body()
    }
  }

  /// Starts the thread. It continues even if this object is released.
  ///
  /// - Parameter name: its name in system tools, at most 15 bytes.
  public init(named name: String = "pingate", _ body: sending @escaping () -> Void) throws(Failure) {
    let work = unsafe Unmanaged.passRetained(Work(name, body))
    // A new thread inherits the mask.
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    var thread = pthread_t()
    let code = unsafe pthread_create(
      &thread, nil,
      { work in
        guard let work = unsafe work else { return nil }
        unsafe Unmanaged<Work>.fromOpaque(work).takeRetainedValue().run()
        return nil
      }, work.toOpaque())
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    guard code == 0 else {
      unsafe work.release()
      throw Failure(errorNumber: code)
    }
    self.thread = thread
  }

  deinit {
    if let thread { pthread_detach(thread) }
  }

  /// Returns once the thread has ended. Do not call it on the thread itself.
  public func join() {
    lock.withLock {
      guard let thread else { return }
      pthread_join(thread, nil)
      self.thread = nil
    }
  }
}
