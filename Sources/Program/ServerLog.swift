internal import FastCGI
internal import Logging

/// What an event of the FastCGI server means to the owner: its code in the log, and its severity.
enum ServerLog {
  static func record(_ event: FastCGIEvent, in log: Logger) {
    switch event {
    case .acceptingPaused(.connections):
      log.warning("server.paused", metadata: ["reason": "too many connections"])
    case .acceptingPaused(.system(let number)):
      log.error("server.paused", metadata: ["reason": "out of descriptors or memory", "errno": "\(number)"])
    case .reclaimed(let count): log.notice("server.idle_closed", metadata: ["connections": "\(count)"])
    case .acceptingResumed: log.notice("server.resumed")
    case .acceptingFailed(let number): log.critical("server.accept_failed", metadata: ["errno": "\(number)"])
    case .overloaded: log.error("server.overloaded")
    case .refused(let refusal): log.warning("peer.refused", metadata: ["reason": "\(refusal)"])
    case .timedOut: log.notice("peer.timed_out")
    case .peerGone: log.debug("peer.gone")
    case .aborted: log.debug("peer.aborted")
    case .libraryFailed: log.error("server.library_failed")
    case .stopping: log.notice("server.stopping")
    case .stopped(let unfinished): log.notice("server.stopped", metadata: ["unfinished": "\(unfinished)"])
    }
  }
}
