internal import Glibc

extension ServerLoop {
  /// Accepts what waits, up to a number that leaves the other connections their turn.
  func acceptWaiting() {
    for _ in 0..<1_024 {
      guard isAccepting, pause == nil, acceptOne() else { return }
    }
  }

  /// - Returns: whether there may be more.
  private func acceptOne() -> Bool {
    // What a server accepts while it stops was in its backlog, and nobody else will.
    guard isStopping || connections.count < limits.connections else {
      pauseAccepting(.connections)
      return false
    }
    do throws(SystemError) {
      let descriptor = try socket.accept()
      let connection = Connection(descriptor, name: nextName, limits: limits)
      try poller.watchConnection(descriptor, name: nextName)
      nextName += 1
      connections[connection.name] = connection
      hurry(connection, until: .now + limits.peerTimeout)
      return true
    } catch {
      if error.wouldBlock { return false }
      if error.isShortage {
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
    guard pause == nil else { return }
    pause = shortage
    report(.acceptingPaused(shortage))
    if !isStopping {
      poller.forget(socket.descriptor)
    }
  }

  func resumeAccepting() {
    guard let shortage = pause, isAccepting else { return }
    if shortage == .connections, connections.count >= limits.connections { return }
    // Refused for want of memory: the next sweep tries again.
    guard (try? poller.watchListener(socket.descriptor, name: Self.listenerName)) != nil else { return }
    pause = nil
    report(.acceptingResumed)
  }

  func stopAccepting() {
    if pause == nil {
      poller.forget(socket.descriptor)
    }
    pause = nil
    if isAccepting, socket.isOwn {
      // Nobody finds the socket any more; then nobody is left in its backlog.
      socket.unlink()
      while pause == nil, acceptOne() {}
    }
    pause = nil
    isAccepting = false
    socket.close()
  }
}
