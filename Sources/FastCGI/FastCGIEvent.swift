/// Something that an operator may want to see in the log. It never holds anything that a visitor sent.
public enum FastCGIEvent: Sendable, Hashable {
  /// Why no connections are accepted for now.
  public enum Shortage: Sendable, Hashable {
    /// `Limits.connections` are open.
    case connections
    /// The process or the machine is out of descriptors or memory: the `errno` of accept(2).
    case system(Int32)
  }

  /// New connections wait in the backlog until there is room.
  case acceptingPaused(Shortage)
  /// So many connections were closed because they were idle and others waited.
  case reclaimed(Int)
  /// There is room again.
  case acceptingResumed
  /// accept(2) failed in a way that has nothing to do with one peer; the server stops accepting.
  case acceptingFailed(Int32)
  /// `Limits.requestsInFlight` was reached. Said once, until there is room again.
  case overloaded
  /// A peer sent what no web server sends; its connection was closed.
  case refused(Refusal)
  /// A peer took longer than `Limits.peerTimeout`; its connection was closed.
  case timedOut
  /// A peer went away before it had its answer.
  case peerGone
  /// A peer took its request back (`FCGI_ABORT_REQUEST`).
  case aborted
  /// libfcgi did not understand what was made for it: a bug.
  case libraryFailed
  /// The server began to stop.
  case stopping
  /// The server has stopped. So many requests were cut off because the time was over: unanswered, or answered with
  /// something left to do.
  case stopped(unfinished: Int)
}
