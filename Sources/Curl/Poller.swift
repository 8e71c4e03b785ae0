internal import CCurl
internal import Glibc

/// Waits for libcurl's sockets, its timer and the queue, with epoll. It is confined to the client's thread.
///
/// `curl_multi_poll` would be simpler, but it and `curl_multi_perform` look at every transfer each time, with a system
/// call for each. With `curl_multi_socket_action`, only ready transfers cost anything.
@safe final class Poller {
  private let waker: Int32
  private let epoll: Int32

  /// Readable when something is ready.
  var descriptor: Int32 { epoll }

  /// When libcurl's timer fires; nil for never.
  private(set) var due: ContinuousClock.Instant?
  private var dueChanged = false

  /// A ready socket, and what it is ready for in libcurl's terms (`CURL_CSELECT_…`).
  struct Ready {
    let socket: curl_socket_t
    let what: Int32
  }

  /// - Parameter waker: an eventfd; a write to it ends `wait`. Nobody reads it (edge-triggered). Negative for none.
  /// - Returns: nil if the process is out of descriptors.
  init?(waker: Int32) {
    self.waker = waker
    epoll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard epoll >= 0 else { return nil }
    guard waker < 0 || control(EPOLL_CTL_ADD, waker, EPOLLIN.rawValue | EPOLLET.rawValue) else { return nil }
  }

  deinit {
    if epoll >= 0 { close(epoll) }
  }

  /// The poller that a callback is for: the loop keeps it as long as its multi handle.
  static func of(_ pointer: UnsafeMutableRawPointer?) -> Poller {
    guard let pointer = unsafe pointer else { preconditionFailure("set with the callback") }
    return unsafe Unmanaged<Poller>.fromOpaque(pointer).takeUnretainedValue()
  }

  /// Watches a socket for what libcurl is waiting for (CURLMOPT_SOCKETFUNCTION).
  func watch(_ socket: curl_socket_t, _ what: Int32) {
    guard what != CURL_POLL_REMOVE else {
      _ = control(EPOLL_CTL_DEL, socket, 0)
      return
    }
    var events: UInt32 = 0
    if what & CURL_POLL_IN != 0 { events |= EPOLLIN.rawValue }
    if what & CURL_POLL_OUT != 0 { events |= EPOLLOUT.rawValue }
    if !control(EPOLL_CTL_MOD, socket, events) {
      // Not watched yet. If that fails (out of memory), the transfer ends by its timeout.
      _ = control(EPOLL_CTL_ADD, socket, events)
    }
  }

  /// Sets libcurl's only timer (CURLMOPT_TIMERFUNCTION); -1 removes it.
  func setTimer(_ milliseconds: Int) {
    due = milliseconds < 0 ? nil : .now + .milliseconds(milliseconds)
    dueChanged = true
  }

  var isTimerDue: Bool {
    guard let due else { return false }
    return due <= .now
  }

  /// Call it after libcurl has processed its timer. libcurl sets a new timer only when it changed something: if its own
  /// clock was slightly behind, it did nothing and must be called again.
  ///
  /// - Parameter milliseconds: how long it wants to wait now (curl_multi_timeout); negative means forever.
  func timerWasServed(next milliseconds: Int) {
    if !dueChanged { due = milliseconds < 0 ? nil : .now + .milliseconds(max(1, milliseconds)) }
  }

  /// Waits until something is ready, the timer fires, `deadline` passes, or somebody writes to the waker.
  ///
  /// - Parameter mayWait: if false, only reports what is ready now.
  func wait(until deadline: ContinuousClock.Instant?, mayWait: Bool) -> [Ready] {
    dueChanged = false
    let timeout = mayWait ? timeout(until: deadline) : 0
    let count = unsafe epoll_wait(epoll, &events, Int32(events.count), timeout)
    guard count > 0 else { return [] }  // Timeout, or EINTR.
    return unsafe events[..<Int(count)].compactMap { event in
      let socket = unsafe event.data.fd
      guard socket != waker else { return nil }
      var what: Int32 = 0
      if unsafe event.events & EPOLLIN.rawValue != 0 { what |= CURL_CSELECT_IN }
      if unsafe event.events & EPOLLOUT.rawValue != 0 { what |= CURL_CSELECT_OUT }
      if unsafe event.events & (EPOLLERR.rawValue | EPOLLHUP.rawValue) != 0 { what |= CURL_CSELECT_ERR }
      return Ready(socket: socket, what: what)
    }
  }

  private var events = unsafe [epoll_event](repeating: epoll_event(), count: 512)

  private func timeout(until deadline: ContinuousClock.Instant?) -> Int32 {
    let instants = [due, deadline].compactMap { $0 }
    guard let next = instants.min() else { return -1 }
    let left = next - .now
    // Rounded up: waking early would only mean waiting again.
    return left <= .zero ? 0 : Int32(min(60_000, (left / .milliseconds(1)).rounded(.up)))
  }

  private func control(_ operation: Int32, _ descriptor: Int32, _ events: UInt32) -> Bool {
    var event = unsafe epoll_event(events: events, data: epoll_data_t(fd: descriptor))
    return unsafe epoll_ctl(epoll, operation, descriptor, &event) == 0
  }
}
