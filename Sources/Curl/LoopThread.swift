internal import Glibc

/// The thread that runs a loop.
///
/// `@unchecked Sendable`: the loop goes over to the thread and is touched nowhere else; the thread's name is guarded by
/// the lock.
final class LoopThread: @unchecked Sendable {
  private let lock = Lock()
  private var thread: pthread_t?

  struct Failure: Error {}

  /// - Parameter loop: nobody else may use it from here on.
  init(_ loop: Loop) throws(Failure) {
    let argument = unsafe Unmanaged.passRetained(loop)
    var thread = pthread_t()
    // A new thread inherits the mask: signals are the main thread's.
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    let code = unsafe pthread_create(
      &thread, nil,
      { argument in
        guard let argument = unsafe argument else { return nil }
        unsafe Unmanaged<Loop>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, argument.toOpaque())
    unsafe pthread_sigmask(SIG_SETMASK, &before, nil)
    guard code == 0 else {
      unsafe argument.release()
      throw Failure()
    }
    self.thread = thread
  }

  /// Returns when the thread has ended.
  func join() {
    lock.withLock {
      guard let thread else { return }
      pthread_join(thread, nil)
      self.thread = nil
    }
  }
}
