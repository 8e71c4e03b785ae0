internal import Foundation
internal import Glibc
internal import Threads

/// What the server's thread and the test tell each other.
///
/// `@unchecked Sendable`: everything is touched under the lock, but the signal, which is a kernel object.
final class Board: @unchecked Sendable {
  /// The end of a pipe that becomes readable when the thread should look here.
  let signal: Int32
  private let signalWriter: Int32

  private let lock = Lock()
  private var requests: [ReceivedRequest] = []
  private var connections = 0
  private var endedConnections = 0
  private var released = false
  private var closed = false
  private var waiting: [(isMet: (Board) -> Bool, continuation: CheckedContinuation<Void, Never>)] = []

  init() {
    var ends: [Int32] = [-1, -1]
    precondition(unsafe pipe(&ends) == 0, "out of descriptors")
    for end in ends {
      _ = fcntl(end, F_SETFD, FD_CLOEXEC)
      _ = fcntl(end, F_SETFL, O_NONBLOCK)
    }
    signal = ends[0]
    signalWriter = ends[1]
  }

  deinit {
    Glibc.close(signal)
    Glibc.close(signalWriter)
  }

  // MARK: For the test

  var allRequests: [ReceivedRequest] { lock.withLock { requests } }
  var allConnections: Int { lock.withLock { connections } }

  func waitForRequests(_ count: Int) async { await wait { $0.requests.count >= count } }
  func waitForEnds(_ count: Int) async { await wait { $0.endedConnections >= count } }

  func release() {
    lock.withLock { released = true }
    wake()
  }

  func close() {
    lock.withLock { closed = true }
    wake()
  }

  private func wait(until isMet: @escaping (Board) -> Bool) async {
    await withCheckedContinuation { continuation in
      change { $0.waiting.append((isMet, continuation)) }
    }
  }

  private func wake() {
    _ = unsafe write(signalWriter, [1], 1)
  }

  // MARK: For the thread

  var isReleased: Bool { lock.withLock { released } }
  var isClosed: Bool { lock.withLock { closed } }
  var nextNumber: Int { lock.withLock { requests.count + 1 } }

  func clearSignal() {
    var bytes = [UInt8](repeating: 0, count: 16)
    _ = unsafe read(signal, &bytes, bytes.count)
  }

  func accepted() -> Int {
    change { $0.connections += 1 }
    return allConnections
  }

  func received(_ request: ReceivedRequest) { change { $0.requests.append(request) } }
  func ended() { change { $0.endedConnections += 1 } }

  private func change(_ body: (Board) -> Void) {
    let met = lock.withLock {
      body(self)
      let met = waiting.filter { $0.isMet(self) }
      waiting.removeAll { $0.isMet(self) }
      return met
    }
    for wait in met { wait.continuation.resume() }
  }
}
