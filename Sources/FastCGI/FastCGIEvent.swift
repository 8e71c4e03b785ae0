/// Something that an operator may want to see in the log. It never contains anything that a client sent.
public enum FastCGIEvent: Sendable, Hashable {
  /// Why no connections are being accepted for now.
  public enum Shortage: Sendable, Hashable {
    /// `ServerLimits.connections` are open.
    case connections
    /// The process or the machine is out of descriptors or memory: the `errno` of accept(2).
    case system(Int32)
  }

  /// New connections wait in the backlog until there is room.
  case acceptingPaused(Shortage)
  /// This many connections were closed because they were idle and others were waiting.
  case reclaimed(Int)
  /// There is room again.
  case acceptingResumed
  /// accept(2) failed for a reason that does not concern a single peer; the server stops accepting.
  case acceptingFailed(Int32)
  /// `ServerLimits.requestsInFlight` was reached. Reported once, until there is room again.
  case overloaded
  /// A peer sent something that no web server sends; its connection was closed.
  case refused(ProtocolViolation)
  /// A peer took longer than `ServerLimits.peerTimeout`; its connection was closed.
  case timedOut
  /// A peer went away before it received its response.
  case peerGone
  /// A peer aborted its request (`FCGI_ABORT_REQUEST`).
  case aborted
  /// libfcgi rejected input that was built for it: a bug.
  case libraryFailed
  /// The server began to stop.
  case stopping
  /// The server has stopped. This many requests were cut off when the grace period ended, unanswered or with work left
  /// to do after their response.
  case stopped(unfinished: Int)
}
