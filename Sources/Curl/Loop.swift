internal import CCurl
internal import DequeModule
internal import HostNames
internal import Threads

/// The client's event loop, on its own thread or on the program's only one. It owns the multi handle and every easy
/// handle, and nobody else touches them.
@safe final class Loop {
  let queue: CallQueue
  private let multi: UnsafeMutableRawPointer
  private let poller: Poller
  private let configuration: Configuration
  private let limit: ConnectLimit
  private let sessions: SessionShare
  private var dns: DNSCache

  /// Calls waiting for a host to be resolved, in the order in which they time out.
  private var unresolved: Deque<UnresolvedCall> = []
  /// Calls waiting until fewer transfers are connecting.
  private var waiting: Deque<Call> = []
  private var running: [ObjectIdentifier: Transfer] = [:]
  private var idle: [Transfer] = []

  /// The maximum number of idle transfers kept for reuse; each holds some 10 KiB.
  private static let mostIdle = 512

  /// A call with hosts that are not resolved yet.
  private struct UnresolvedCall {
    let call: Call
    let hosts: [Host]
    /// When it times out.
    let end: ContinuousClock.Instant
  }

  /// - Parameter hasThread: whether it runs on a thread of its own.
  init(_ configuration: Configuration, _ resolver: HostResolver, hasThread: Bool) throws(EasyHandle.Failure) {
    sessions = try SessionShare()
    guard let queue = CallQueue(wakes: hasThread), let poller = Poller(waker: queue.waker),
      let multi = unsafe curl_multi_init()
    else {
      throw EasyHandle.Failure(code: CURLE_OUT_OF_MEMORY)
    }
    unsafe self.multi = unsafe multi
    self.poller = poller
    self.configuration = configuration
    limit = ConnectLimit(configuration.connectsAtOnce)
    self.queue = queue
    dns = DNSCache(resolver, queue: queue)
    for option in [CURLMOPT_MAX_TOTAL_CONNECTIONS, CURLMOPT_MAX_HOST_CONNECTIONS, CURLMOPT_MAXCONNECTS] {
      guard unsafe pingate_multi_set_long(multi, option, configuration.connections) == CURLM_OK else {
        throw EasyHandle.Failure(code: CURLE_BAD_FUNCTION_ARGUMENT)
      }
    }
    let watching = unsafe Unmanaged.passUnretained(poller).toOpaque()
    unsafe pingate_multi_set_socket_function(
      multi,
      { _, socket, what, poller, _ in
        unsafe Poller.of(poller).watch(socket, what)
        return 0
      }, watching)
    unsafe pingate_multi_set_timer_function(
      multi,
      { _, milliseconds, poller in
        unsafe Poller.of(poller).setTimer(milliseconds)
        return 0
      }, watching)
  }

  deinit {
    idle = []  // Easy handles go before their multi handle and the sessions that they share.
    unsafe curl_multi_cleanup(multi)
  }

  /// Runs until the queue is closed; then every remaining call fails.
  func run() {
    while takeArrivals() {
      serve(mayWait: queue.fallAsleep())
    }
  }

  /// - Returns: false if the queue was closed and everything has ended.
  private func takeArrivals() -> Bool {
    let arrivals = queue.collect()
    if arrivals.isClosed {
      shutDown(arrivals.calls)
      return false
    }
    for answer in arrivals.answers { take(answer) }
    for call in arrivals.calls { enqueue(call) }
    for call in arrivals.cancelled { giveUp(call) }
    giveUpUnresolved()
    startWaiting()
    return true
  }

  /// Processes ready sockets and libcurl's timer.
  ///
  /// - Parameter mayWait: whether to wait until something is ready.
  private func serve(mayWait: Bool) {
    var isFine = true
    for ready in poller.wait(until: deadline, mayWait: mayWait) {
      isFine = act(ready.socket, ready.what) && isFine
    }
    if poller.isTimerDue {
      isFine = act(CURL_SOCKET_TIMEOUT, 0) && isFine
      poller.timerWasServed(next: timeLeft)
    }
    readMessages()
    if !isFine { failRunning(CURLE_OUT_OF_MEMORY, .other) }
  }

  /// When the first waiting call times out.
  private var deadline: ContinuousClock.Instant? {
    [waiting.first?.deadline, unresolved.first?.end].compactMap { $0 }.min()
  }

  /// Has libcurl process a ready socket, or its timer.
  ///
  /// - Returns: whether that succeeded.
  private func act(_ socket: curl_socket_t, _ what: Int32) -> Bool {
    var stillRunning: Int32 = 0
    return unsafe curl_multi_socket_action(multi, socket, what, &stillRunning) == CURLM_OK
  }

  /// How long libcurl would wait now, in milliseconds; negative means forever.
  private var timeLeft: Int {
    var milliseconds = -1
    unsafe curl_multi_timeout(multi, &milliseconds)
    return milliseconds
  }

  /// Queues a call to be started, once its hosts are resolved.
  private func enqueue(_ call: Call) {
    guard !call.request.url.isSecure || configuration.certificates != nil else {
      return queue.finish(call, call.unsent(.untrustedCertificate))
    }
    let hosts = configuration.hostsToLookUp(for: call.request.url)
    if !letWait(call, hosts) {
      let end = min(call.deadline, .now + configuration.connectTimeout)
      unresolved.append(UnresolvedCall(call: call, hosts: hosts, end: end))
    }
  }

  /// Queues a call to be started if its hosts are resolved.
  ///
  /// - Returns: whether they are.
  private func letWait(_ call: Call, _ hosts: [Host]) -> Bool {
    guard let lines = dns.lines(for: hosts) else { return false }
    call.addresses = lines
    waiting.append(call)
    return true
  }

  /// Continues the calls that waited for this result.
  private func take(_ answer: ResolvedHost) {
    let isFound = dns.take(answer)
    var rest: Deque<UnresolvedCall> = []
    while let unresolved = unresolved.popFirst() {
      if queue.isFinished(unresolved.call) { continue }
      if !unresolved.hosts.contains(answer.host) {
        rest.append(unresolved)
      } else if !isFound {
        queue.finish(unresolved.call, unresolved.call.unsent(.couldNotResolve))
      } else if !letWait(unresolved.call, unresolved.hosts) {
        rest.append(unresolved)
      }
    }
    unresolved = rest
  }

  private func giveUpUnresolved() {
    while let first = unresolved.first, first.end <= .now || queue.isFinished(first.call) {
      _ = unresolved.popFirst()
      queue.finish(first.call, first.call.unsent(.timedOut))
    }
  }

  private func startWaiting() {
    while let call = waiting.first {
      let timeLeft = call.deadline - .now
      guard limit.free > 0 || timeLeft <= .zero else { return }
      _ = waiting.popFirst()
      if queue.isFinished(call) {
        continue
      } else if timeLeft <= .zero {
        queue.finish(call, call.unsent(.timedOut))
      } else {
        start(call, timeLeft: timeLeft)
      }
    }
  }

  private func start(_ call: Call, timeLeft: Duration) {
    do {
      let transfer = try idle.popLast() ?? Transfer(EasyHandle(), configuration, sessions: sessions, limit: limit)
      try transfer.begin(call, configuration, timeLeft: timeLeft)
      guard unsafe curl_multi_add_handle(multi, transfer.easy.pointer) == CURLM_OK else {
        return queue.finish(call, transfer.end(CURLE_OUT_OF_MEMORY))
      }
      running[ObjectIdentifier(call)] = transfer
    } catch {
      // It may be half configured: the transfer is not reused.
      queue.finish(call, call.unsent(.other))
    }
  }

  private func readMessages() {
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &left) {
      // The message lives only until the handle is removed.
      guard unsafe message.pointee.msg == CURLMSG_DONE, let easy = unsafe message.pointee.easy_handle else { continue }
      let code = unsafe pingate_message_result(message)
      var pointer: UnsafeMutableRawPointer?
      guard unsafe pingate_easy_get_private(easy, &pointer) == CURLE_OK, let pointer = unsafe pointer else { continue }
      end(unsafe Unmanaged<Transfer>.fromOpaque(pointer).takeUnretainedValue(), code)
    }
  }

  private func end(_ transfer: Transfer, _ code: CURLcode, because kind: CurlFailure.Kind? = nil) {
    guard let call = transfer.call else { return }
    unsafe curl_multi_remove_handle(multi, transfer.easy.pointer)
    let outcome = transfer.end(code, because: kind)
    running[ObjectIdentifier(call)] = nil
    if idle.count < Self.mostIdle { idle.append(transfer) }
    queue.finish(call, outcome)
  }

  private func giveUp(_ call: Call) {
    if let transfer = running[ObjectIdentifier(call)] {
      end(transfer, CURLE_OK, because: .cancelled)
    } else {
      // It is still waiting, and will be skipped; or it has ended, and this does nothing.
      queue.finish(call, call.unsent(.cancelled))
    }
  }

  private func failRunning(_ code: CURLcode, _ kind: CurlFailure.Kind) {
    for transfer in Array(running.values) {
      end(transfer, code, because: kind)
    }
  }

  private func shutDown(_ calls: [Call]) {
    failRunning(CURLE_OK, .closed)
    for call in calls { waiting.append(call) }
    while let unresolved = unresolved.popFirst() { waiting.append(unresolved.call) }
    while let call = waiting.popFirst() {
      queue.finish(call, call.unsent(.closed))
    }
  }
}

extension Loop: EventSource {
  var descriptor: CInt { poller.descriptor }

  func turn() -> EventSourceTurn {
    guard takeArrivals() else { return .over }
    serve(mayWait: false)
    // A name was resolved inline, or a call that ended led to another.
    if queue.hasArrivals { return .again(.now) }
    return .again([deadline, poller.due].compactMap { $0 }.min())
  }
}
