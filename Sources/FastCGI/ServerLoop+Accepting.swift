internal import DequeModule
internal import Glibc
internal import Threads

/// One loop accepts for all of them. When there is no room for another connection, it has the connections closed that
/// have been idle longest, on whichever loop; if there are none, new connections wait in the backlog.
extension ServerLoop {
  /// Accepts what is waiting, up to a number that leaves the other connections their turn.
  func acceptWaiting() {
    for _ in 0..<1_024 {
      guard isAccepting, shortage == nil, acceptOne() else { return }
    }
  }

  /// - Returns: whether there may be more.
  private func acceptOne() -> Bool {
    // What a stopping server accepts was already in its backlog, and nobody else will accept it.
    guard isStopping || group.connections < limits.connections || reclaimAlone() else {
      pauseAccepting(.connections)
      return false
    }
    do throws(SystemError) {
      let connection = group.assign(try socket.accept())
      if connection.member === member {
        add(connection)
      } else {
        connection.member.events.add(connection)
      }
      return true
    } catch {
      return recover(from: error)
    }
  }

  /// Takes over a connection that was accepted for this loop.
  func add(_ socket: AcceptedSocket) {
    let connection = Connection(socket, id: nextID, limits: limits)
    nextID += 1
    connections[connection.id] = connection
    newcomers.append(connection)
  }

  /// Receives from new connections: web servers send their request right after connecting, so many a connection is
  /// answered and closed before it ever needs to be polled.
  func receiveNewcomers() {
    for _ in 0..<Self.batchLimit {
      guard let connection = newcomers.popFirst() else { return }
      guard connections[connection.id] != nil else { continue }
      receive(connection)
      guard connections[connection.id] != nil else { continue }
      if connection.requestNumber == 0, connection.deadline == nil {
        setDeadline(connection, until: .now + limits.peerTimeout)
      }
      if isStopping, connection.isIdle { drain(connection) }
      if !watch(connection) { end(connection, connection.owesAnswer ? .peerGone : nil) }
    }
  }

  /// Starts polling the connection; what has arrived since it was last read is reported, too.
  ///
  /// - Returns: false if the system is out of memory for it.
  func watch(_ connection: Connection) -> Bool {
    guard !connection.isWatched else { return true }
    connection.isWatched =
      (try? poller.watchConnection(connection.descriptor, token: connection.id, room: connection.waitsForRoom)) != nil
    return connection.isWatched
  }

  /// Decides how to go on after accept(2) failed.
  ///
  /// - Returns: whether there may be more to accept.
  private func recover(from error: SystemError) -> Bool {
    if error.wouldBlock { return false }
    if error.isShortage {
      if reclaimAlone() { return true }
      pauseAccepting(.system(error.number))
      return false
    }
    // The socket itself is unusable. With any other error, only the one connection failed (accept(2), Error handling).
    if [EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT].contains(error.number) {
      report(.acceptingFailed(error.number))
      poller.forget(socket.descriptor)
      isAccepting = false
      return false
    }
    return true
  }

  // MARK: No room

  /// Leaves connections in the backlog until one is closed: no connection is lost, and no CPU time is spent.
  private func pauseAccepting(_ shortage: FastCGIEvent.Shortage) {
    guard self.shortage == nil else { return }
    self.shortage = shortage
    lookForRoom(within: limits.idleBeforeReclaim)
    group.setAcceptorWaits(true)
    // A connection may have been closed before that took effect.
    if shortage == .connections, group.connections < limits.connections { lookForRoom(within: .zero) }
    poller.forget(socket.descriptor)
    reclaimOfAll()
  }

  private func reportShortage() {
    guard let shortage, !isShortageReported else { return }
    isShortageReported = true
    report(.acceptingPaused(shortage))
  }

  func resumeAccepting() {
    guard let current = shortage, isAccepting else { return }
    guard !isStopping else { return acceptLast() }
    if current == .connections, group.connections >= limits.connections, !reclaimAlone() { return reclaimOfAll() }
    // Refused for lack of memory: the next sweep tries again.
    guard (try? poller.watchListener(socket.descriptor, token: Self.listenerToken)) != nil else { return }
    endShortage()
    if isShortageReported { report(.acceptingResumed) }
    isShortageReported = false
  }

  private func endShortage() {
    shortage = nil
    inquiry = nil
    group.setAcceptorWaits(false)
  }

  // MARK: Reclaiming

  /// The connections that may be closed in favor of waiting ones, longest idle first. Otherwise silent peers would keep
  /// everybody out for as long as they may be silent, and kept-alive connections would forever.
  private var reclaimable: [Connection] {
    let now = Monotonic.now
    return connections.values.filter { $0.isIdle && $0.idleSince + limits.idleBeforeReclaim <= now }
      .sorted { $0.idleSince < $1.idleSince }
  }

  /// Closes some of this loop's idle connections. Not all that could go: looking for them takes a while when there are
  /// many, but a web server may be about to use any of them.
  ///
  /// - Returns: how many were closed.
  private func reclaimIdle() -> Int {
    var count = 0
    for connection in reclaimable where count <= connections.count / Self.batchLimit {
      // Bytes that have arrived unread mean a request, which is served.
      guard (try? connection.receive(into: &scratch, peeking: true)) == nil else { continue }
      endIdle(connection)
      if connections[connection.id] == nil { count += 1 }
    }
    if count > 0 { report(.reclaimed(count)) }
    return count
  }

  /// Makes room at once, if there is no other loop to ask.
  private func reclaimAlone() -> Bool {
    group.others.isEmpty && socket.hasPendingConnection && reclaimIdle() > 0
  }

  /// Looks for the loop with the connection that has been idle longest, to close it. If there is none, the shortage is
  /// reported to the operator.
  private func reclaimOfAll() {
    guard inquiry == nil else { return }
    guard socket.hasPendingConnection, !group.others.isEmpty else { return reportShortage() }
    inquiry = ReclaimInquiry(awaited: group.others.count)
    inquiry?.add(member, reclaimable.first?.idleSince)
    for other in group.others { other.events.tell(.ask) }
  }

  /// Does what another loop asks for, or processes its answer. Closing a connection announces by itself that there is
  /// room.
  func takePart(in reclaiming: EventQueue.Reclaiming) {
    switch reclaiming {
    case .ask: group.acceptor.events.tell(.idle(member, since: reclaimable.first?.idleSince))
    case .close: group.acceptor.events.tell(.closed(reclaimIdle()))
    case .idle(let other, let moment):
      inquiry?.awaited -= 1
      inquiry?.add(other, moment)
      guard inquiry?.awaited == 0 else { return }
      guard let longest = inquiry?.longest else { return endInquiry(closed: 0) }
      if longest === member {
        endInquiry(closed: reclaimIdle())
      } else {
        longest.events.tell(.close)
      }
    case .closed(let count): endInquiry(closed: count)
    }
  }

  private func endInquiry(closed count: Int) {
    guard inquiry != nil else { return }
    inquiry = nil
    if count == 0 { reportShortage() }
  }

  // MARK: Stopping

  /// Accepts what waits in the backlog of a socket that nobody else accepts on, and nothing after that.
  func stopAccepting() {
    poller.forget(socket.descriptor)
    // Once nobody can find the socket, the backlog only gets shorter.
    socket.unlink()
    if !socket.isOwn { isAccepting = false }
    acceptLast()
  }

  /// Accepts what is left in the backlog. If there is no room for it now, this is called again when there may be.
  private func acceptLast() {
    endShortage()
    while isAccepting, shortage == nil, acceptOne() {}
    guard shortage == nil else { return }
    isAccepting = false
    socket.close()
    group.endAccepting()
  }
}

/// Which loop has the connection that has been idle longest, as far as the loops have answered.
struct ReclaimInquiry {
  /// How many loops have yet to answer.
  var awaited: Int
  private(set) var longest: LoopGroup.Member?
  private var since: Monotonic?

  init(awaited: Int) {
    self.awaited = awaited
  }

  mutating func add(_ member: LoopGroup.Member, _ moment: Monotonic?) {
    guard let moment, since.map({ moment < $0 }) ?? true else { return }
    (longest, since) = (member, moment)
  }
}
