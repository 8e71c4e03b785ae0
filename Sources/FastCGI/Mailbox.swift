internal import CFastCGI
internal import Glibc

/// What other threads have to say to a server's thread, and what wakes it.
///
/// Sendable: all that changes is under the lock.
final class Mailbox: @unchecked Sendable {
  struct Answer {
    let connection: UInt64
    /// The answer in CGI's form.
    let content: [UInt8]
  }

  struct Mail {
    var answers: [Answer] = []
    /// How long the running requests may take, when the server is to stop.
    var grace: Duration?
  }

  private let lock = PthreadLock()
  private var mail = Mail()
  private var event: Int32 = -1

  deinit {
    close()
  }

  func deliver(_ answer: Answer) {
    lock.withLock {
      mail.answers.append(answer)
      wake()
    }
  }

  /// Asks the server to stop. Of several times the shortest counts.
  func stop(within grace: Duration) {
    lock.withLock {
      mail.grace = min(grace, mail.grace ?? grace)
      wake()
    }
  }

  /// Opens the descriptor that can be read when there is mail.
  func open() throws(SystemError) -> Int32 {
    // It begins readable: there may be mail already.
    let event = eventfd(1, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
    guard event >= 0 else { throw .last }
    lock.withLock { self.event = event }
    return event
  }

  func close() {
    lock.withLock {
      if event >= 0 { Glibc.close(event) }
      event = -1
    }
  }

  /// Takes out all mail.
  func empty() -> Mail {
    lock.withLock {
      defer { mail = Mail() }
      return mail
    }
  }

  func acknowledge() {
    var count: UInt64 = 0
    lock.withLock { _ = unsafe read(event, &count, 8) }
  }

  /// Only the first piece of mail needs a wake-up: the thread takes out all.
  private func wake() {
    guard event >= 0, mail.answers.count <= 1 else { return }
    var one: UInt64 = 1
    _ = unsafe write(event, &one, 8)
  }
}
