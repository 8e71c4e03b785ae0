internal import CFastCGI
internal import Glibc
internal import Threads

/// An epoll(7) instance that identifies descriptors by our own tokens.
///
/// It is confined to one thread.
@safe final class Poller {
  struct Event {
    let token: UInt64
    private let bits: UInt32

    init(_ event: epoll_event) {
      unsafe token = event.data.u64
      unsafe bits = event.events
    }

    /// The connection is closed in both directions, or broken.
    var isHangUp: Bool { bits & (EPOLLHUP.rawValue | EPOLLERR.rawValue) != 0 }
    var isReadable: Bool { bits & (EPOLLIN.rawValue | EPOLLRDHUP.rawValue) != 0 }
    /// The peer will send no more.
    var isLast: Bool { bits & EPOLLRDHUP.rawValue != 0 }
    var isWritable: Bool { bits & EPOLLOUT.rawValue != 0 }
  }

  private let descriptor: Int32
  /// How many events `wait` returns at most. Any others are returned by later calls, in turn.
  static let maxEvents = 64
  private var events = unsafe [epoll_event](repeating: epoll_event(), count: maxEvents)

  init() throws(SystemError) {
    descriptor = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard descriptor >= 0 else { throw .last }
  }

  deinit {
    close(descriptor)
  }

  /// Watches a listening socket as long as connections are waiting. If several processes share it, one of them is
  /// woken.
  func watchListener(_ listener: Int32, token: UInt64) throws(SystemError) {
    try control(EPOLL_CTL_ADD, listener, EPOLLIN.rawValue | EPOLLEXCLUSIVE.rawValue, token)
  }

  /// Watches an eventfd, edge-triggered, for writes to it.
  func watchWakeUps(_ event: Int32, token: UInt64) throws(SystemError) {
    try control(EPOLL_CTL_ADD, event, EPOLLIN.rawValue | EPOLLET.rawValue, token)
  }

  /// Watches a connection, edge-triggered, for arriving bytes.
  ///
  /// - Parameter room: whether to watch for room to write, too.
  func watchConnection(_ connection: Int32, token: UInt64, room: Bool) throws(SystemError) {
    try control(EPOLL_CTL_ADD, connection, Self.bits(room: room), token)
  }

  /// Starts or stops watching for room to write to a connection.
  func watchRoom(of connection: Int32, token: UInt64, _ matters: Bool) throws(SystemError) {
    try control(EPOLL_CTL_MOD, connection, Self.bits(room: matters), token)
  }

  func forget(_ descriptor: Int32) {
    var event = unsafe epoll_event()
    // It is either registered or already closed: in both cases nothing is left to do.
    _ = unsafe epoll_ctl(self.descriptor, EPOLL_CTL_DEL, descriptor, &event)
  }

  /// Waits for events for at most this many milliseconds, or forever if -1.
  func wait(milliseconds: Int32) -> [Event] {
    let count = unsafe epoll_wait(descriptor, &events, Int32(events.count), milliseconds)
    return unsafe events.prefix(Int(max(0, count))).map { unsafe Event($0) }
  }

  private static func bits(room: Bool) -> UInt32 { room ? arrivals | EPOLLOUT.rawValue : arrivals }
  private static let arrivals = EPOLLIN.rawValue | EPOLLRDHUP.rawValue | EPOLLET.rawValue

  private func control(_ operation: Int32, _ descriptor: Int32, _ bits: UInt32, _ token: UInt64) throws(SystemError) {
    var event = unsafe epoll_event(events: bits, data: epoll_data_t(u64: token))
    guard unsafe epoll_ctl(self.descriptor, operation, descriptor, &event) == 0 else { throw .last }
  }
}
