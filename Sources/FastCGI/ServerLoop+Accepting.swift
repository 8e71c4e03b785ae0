internal import DequeModule
internal import Glibc
internal import Threads

/// One loop accepts for all of them. When there is no room for another connection, those of any loop that have been idle for
/// longest are closed for it; where there are none, connections wait in the backlog.
extension ServerLoop {
  /// Accepts what waits, up to a number that leaves the other connections their turn.
  func acceptWaiting() {
    for _ in 0..<1_024 {
      guard isAccepting, shortage == nil, acceptOne() else { return }
    }
  }

  /// - Returns: whether there may be more.
  private func acceptOne() -> Bool {
    // What a server accepts while it stops was in its backlog, and nobody else will.
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
      return goOn(after: error)
    }
  }

  /// Takes over a connection that was accepted for this loop.
  func add(_ socket: AcceptedSocket) {
    let connection = Connection(socket, id: nextID, limits: limits)
    nextID += 1
    connections[connection.id] = connection
    newcomers.append(connection)
  }

  /// Looks at the connections that are new: web servers send their request right behind the connecting, and many a
  /// connection has had its answer and is closed before events could tell of it.
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

  /// Has events tell of what comes from now on, and of what has come since it was looked at.
  ///
  /// - Returns: false when the system refuses it, without memory.
  func watch(_ connection: Connection) -> Bool {
    guard !connection.isWatched else { return true }
    connection.isWatched =
      (try? poller.watchConnection(connection.descriptor, token: connection.id, room: connection.waitsForRoom)) != nil
    return connection.isWatched
  }

  /// - Returns: whether there may be more to accept.
  private func goOn(after error: SystemError) -> Bool {
    if error.wouldBlock { return false }
    if error.isShortage {
      if reclaimAlone() { return true }
      pauseAccepting(.system(error.number))
      return false
    }
    // The socket itself is unusable. Else it was the one connection that failed (accept(2), Error handling).
    if [EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP, EFAULT].contains(error.number) {
      report(.acceptingFailed(error.number))
      poller.forget(socket.descriptor)
      isAccepting = false
      return false
    }
    return true
  }

  // MARK: No room

  /// Leaves connections in the backlog until something is closed: no connection is lost, and no time spent.
  private func pauseAccepting(_ shortage: FastCGIEvent.Shortage) {
    guard self.shortage == nil else { return }
    self.shortage = shortage
    lookForRoom(within: limits.idleBeforeReclaim)
    group.setAcceptorWaits(true)
    // One may have been closed before that was said.
    if shortage == .connections, group.connections < limits.connections { lookForRoom(within: .zero) }
    poller.forget(socket.descriptor)
    reclaimOfAll()
  }

  private func tellOfShortage() {
    guard let shortage, !isShortageTold else { return }
    isShortageTold = true
    report(.acceptingPaused(shortage))
  }

  func resumeAccepting() {
    guard let current = shortage, isAccepting else { return }
    guard !isStopping else { return acceptLast() }
    if current == .connections, group.connections >= limits.connections, !reclaimAlone() { return reclaimOfAll() }
    // Refused for want of memory: the next sweep tries again.
    guard (try? poller.watchListener(socket.descriptor, token: Self.listenerToken)) != nil else { return }
    endShortage()
    if isShortageTold { report(.acceptingResumed) }
    isShortageTold = false
  }

  private func endShortage() {
    shortage = nil
    inquiry = nil
    group.setAcceptorWaits(false)
  }

  // MARK: Reclaiming

  /// Connections that may be closed for others that wait, the one that has been idle for longest first: silent peers would
  /// else keep everybody out for as long as they may be silent, and kept connections for ever.
  private var reclaimable: [Connection] {
    let now = Monotonic.now
    return connections.values.filter { $0.isIdle && $0.idleSince + limits.idleBeforeReclaim <= now }
      .sorted { $0.idleSince < $1.idleSince }
  }

  /// Closes idle connections of this loop. Not all go that could: looking for them takes a while where there are many, but
  /// a web server may be about to use one of them.
  ///
  /// - Returns: how many.
  private func reclaimIdle() -> Int {
    var count = 0
    for connection in reclaimable where count <= connections.count / Self.batchLimit {
      // What has been sent and not been seen yet is served.
      guard (try? connection.receive(into: &scratch, peeking: true)) == nil else { continue }
      endIdle(connection)
      if connections[connection.id] == nil { count += 1 }
    }
    if count > 0 { report(.reclaimed(count)) }
    return count
  }

  /// Makes room at once, where there is no other loop to ask.
  private func reclaimAlone() -> Bool {
    group.others.isEmpty && socket.isAwaited && reclaimIdle() > 0
  }

  /// Looks for the loop with the connection that has been idle for longest, to close it. The operator is told of a shortage
  /// when there is none.
  private func reclaimOfAll() {
    guard inquiry == nil else { return }
    guard socket.isAwaited, !group.others.isEmpty else { return tellOfShortage() }
    inquiry = ReclaimInquiry(awaited: group.others.count)
    inquiry?.add(member, reclaimable.first?.idleSince)
    for other in group.others { other.events.tell(.ask) }
  }

  /// Does what another loop asks for, or goes on with its answer. That there is room is made known by the connections that
  /// close.
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
    if count == 0 { tellOfShortage() }
  }

  // MARK: The end

  /// Accepts those that wait in the backlog of a socket that nobody else accepts on, and no more.
  func stopAccepting() {
    poller.forget(socket.descriptor)
    // Nobody finds the socket any more; then nobody is left in its backlog.
    socket.unlink()
    if !socket.isOwn { isAccepting = false }
    acceptLast()
  }

  /// Accepts what is left in the backlog; where there is no room for it now, this is called again when there may be.
  private func acceptLast() {
    endShortage()
    while isAccepting, shortage == nil, acceptOne() {}
    guard shortage == nil else { return }
    isAccepting = false
    socket.close()
    group.endAccepting()
  }
}

/// Which loop has the connection that has been idle for longest, as far as loops have answered.
struct ReclaimInquiry {
  /// How many are still to answer.
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
