internal import CGlibc
internal import Glibc

/// A thread (pthreads(7)) that does one thing, which may block for long, and ends. Tasks may not block: the threads that they
/// run on are as few as processors.
///
/// All signals are blocked there: they are for the threads that wait for them, and libfcgi does not survive one in a
/// system call.
///
/// `@unchecked Sendable`: the thread's name is under the lock.
public final class POSIXThread: @unchecked Sendable {
  private let lock = Lock()
  private var thread: pthread_t?

  /// There was no thread to be had.
  public struct Failure: Error, Equatable {
    /// What pthread_create(3) returned: `EAGAIN` at the limit of threads or without memory.
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
      _ = unsafe pingate_name_thread(name)  // for people who look; it cannot fail
      body()
    }
  }

  /// Starts it. It goes on when nobody holds this object any more.
  ///
  /// - Parameter name: what the system's tools call it, 15 bytes at most.
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

  /// Returns when it has ended. Not to be called on the thread itself.
  public func join() {
    lock.withLock {
      guard let thread else { return }
      pthread_join(thread, nil)
      self.thread = nil
    }
  }
}
