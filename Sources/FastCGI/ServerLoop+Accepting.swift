internal import Glibc

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
    guard isStopping || connections.count < limits.connections || reclaimIdle() else {
      pauseAccepting(.connections)
      return false
    }
    do throws(SystemError) {
      let descriptor = try socket.accept()
      let connection = Connection(descriptor, id: nextID, limits: limits)
      try poller.watchConnection(descriptor, token: nextID)
      nextID += 1
      connections[connection.id] = connection
      setDeadline(connection, until: .now + limits.peerTimeout)
      return true
    } catch {
      if error.wouldBlock { return false }
      if error.isShortage {
        if reclaimIdle() { return true }
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
  }

  /// Leaves connections in the backlog until something is closed: no connection is lost, and no time spent.
  private func pauseAccepting(_ shortage: FastCGIEvent.Shortage) {
    guard self.shortage == nil else { return }
    self.shortage = shortage
    report(.acceptingPaused(shortage))
    lookForRoom(within: limits.idleBeforeReclaim)
    if !isStopping {
      poller.forget(socket.descriptor)
    }
  }

  func resumeAccepting() {
    guard let current = shortage, isAccepting else { return }
    if current == .connections, connections.count >= limits.connections, !reclaimIdle() { return }
    // Refused for want of memory: the next sweep tries again.
    guard (try? poller.watchListener(socket.descriptor, token: Self.listenerToken)) != nil else { return }
    shortage = nil
    report(.acceptingResumed)
  }

  /// Closes those connections that have been idle for longest, for others that wait: silent peers would else keep everybody
  /// out for as long as they may be silent, and kept connections for ever.
  ///
  /// - Returns: whether there were any. Not all go that could: looking for them takes a while where there are many, but
  ///   a web server may be about to use one of them.
  private func reclaimIdle() -> Bool {
    guard socket.isAwaited else { return false }
    let now = Monotonic.now
    let idle = connections.values.filter { $0.isIdle && $0.idleSince + limits.idleBeforeReclaim <= now }
      .sorted { $0.idleSince < $1.idleSince }
    var count = 0
    for connection in idle where count <= connections.count / Self.batchLimit {
      // What has been sent and not been seen yet is served.
      guard (try? connection.receive(into: &scratch, peeking: true)) == nil else { continue }
      endIdle(connection)
      if connections[connection.id] == nil { count += 1 }
    }
    if count > 0 { report(.reclaimed(count)) }
    return count > 0
  }

  func stopAccepting() {
    if shortage == nil {
      poller.forget(socket.descriptor)
    }
    shortage = nil
    if isAccepting, socket.isOwn {
      // Nobody finds the socket any more; then nobody is left in its backlog.
      socket.unlink()
      while shortage == nil, acceptOne() {}
    }
    shortage = nil
    isAccepting = false
    socket.close()
  }
}
