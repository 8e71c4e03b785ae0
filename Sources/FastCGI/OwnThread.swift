internal import Threads

/// Runs work that blocks on a thread of its own, away from the threads on which tasks run.
enum OwnThread {
  /// Waits, without holding a thread, for work on a new thread.
  ///
  /// - Throws: the error of pthread_create(3).
  static func run<Value: Sendable>(named name: String, _ body: @escaping @Sendable () -> Value)
    async throws(SystemError) -> Value
  {
    let result: Result<Value, SystemError> = await withCheckedContinuation { continuation in
      do throws(POSIXThread.Failure) {
        _ = try POSIXThread(named: name) { continuation.resume(returning: .success(body())) }
      } catch {
        continuation.resume(returning: .failure(SystemError(number: error.errorNumber)))
      }
    }
    return try result.get()
  }
}
