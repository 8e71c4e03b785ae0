internal import DequeModule
internal import Gateway
internal import Glibc
internal import Threads

/// One thread of a server: it waits on all its sockets at once and does what each of them is ready for.
///
/// Everything in it is confined to that thread. What loops share is in `LoopGroup`.
final class ServerLoop {
  let socket: ListeningSocket
  let limits: ServerLimits
  let responder: any Responder
  let overloaded: @Sendable (Request) -> Response
  let report: @Sendable (FastCGIEvent) -> Void
  let group: LoopGroup
  let member: LoopGroup.Member
  let poller: Poller
  let codec: Codec

  var connections: [UInt64: Connection] = [:]
  /// Connections that are new and have not been read from.
  var newcomers: Deque<Connection> = []
  /// The ids of connections that have a deadline.
  var underDeadline: Set<UInt64> = []
  /// Connections that have something to read although no event will announce it.
  var revisited: [Connection] = []
  /// Requests waiting to be started, in order of arrival.
  var queue: Deque<QueuedRequest> = []
  /// Whether the next turn may start some of them; false if there was no room just now, until something else has made
  /// progress.
  var mayBegin = false
  /// The number of unfinished requests, including answered ones with work left to do.
  var running = 0
  var scratch = [UInt8](repeating: 0, count: 64 << 10)
  var nextID = ServerLoop.firstConnectionID

  // For accepting: see ServerLoop+Accepting.
  let isAcceptor: Bool
  var isAccepting: Bool
  var shortage: FastCGIEvent.Shortage?
  /// Whether the operator has been told of the shortage.
  var isShortageReported = false
  /// The search for the longest-idle connection of all loops, while one is under way.
  var inquiry: ReclaimInquiry?

  /// When the loop ends no matter what, once the server is stopping.
  private var end: Monotonic?
  private var nextSweep = Monotonic.now

  /// How many items of a kind are processed before others get their turn.
  static let batchLimit = 64

  static let listenerToken: UInt64 = 0
  static let eventsToken: UInt64 = 1
  static let firstConnectionID: UInt64 = 2

  /// - Parameter index: the loop's index in the group; the first one accepts.
  init(_ index: Int, of server: FastCGIServer) throws(SystemError) {
    socket = server.socket
    limits = server.limits
    responder = server.responder
    overloaded = server.overloaded
    report = server.report
    group = server.group
    member = server.group.members[index]
    isAcceptor = index == 0
    isAccepting = isAcceptor
    poller = try Poller()
    codec = try Codec()
    try poller.watchWakeUps(try member.events.open(), token: Self.eventsToken)
    if isAcceptor { try poller.watchListener(socket.descriptor, token: Self.listenerToken) }
  }

  private var events: EventQueue { member.events }

  var isStopping: Bool { end != nil }

  func run() {
    while !isOver {
      let ready = poller.wait(milliseconds: events.fallAsleep() ? timeout : 0)
      events.wakeUp()
      for event in ready {
        switch event.token {
        case Self.listenerToken: acceptWaiting()
        case Self.eventsToken: break  // A turn is all that it asks for.
        default: handle(event)
        }
      }
      // The listener might have to wait behind the connections that are ready while its backlog overflows.
      if ready.count == Poller.maxEvents { acceptWaiting() }
      receiveNewcomers()
      beginRequests()
      runJobs()
      let arrivals = events.collect()
      for connection in arrivals.connections {
        add(connection)
      }
      receiveNewcomers()
      for answer in arrivals.answers {
        deliver(answer)
      }
      running -= arrivals.ended
      // Each gets one turn, so that a peer that never stops sending does not keep the others waiting.
      let turn = revisited
      revisited = []
      for connection in turn where connections[connection.id] != nil {
        connection.isRevisited = false
        receive(connection)
      }
      if arrivals.wantsTurn, shortage != nil { lookForRoom(within: .zero) }
      for reclaiming in arrivals.reclaiming {
        takePart(in: reclaiming)
      }
      if let grace = arrivals.grace {
        stop(within: grace)
      }
      sweep()
    }
    if let unfinished = group.end(unfinished: running) {
      report(.stopped(unfinished: unfinished))
    }
    connections = [:]
    events.close()
  }

  // MARK: Responses

  /// Runs the jobs that are ready, up to a number that leaves the sockets their turn.
  private func runJobs() {
    let executor = unsafe events.asUnownedTaskExecutor()
    let jobs = events.takeJobs(Self.batchLimit)
    for job in jobs {
      unsafe job.runSynchronously(on: executor)
    }
    if !jobs.isEmpty { group.shareRoom(madeBy: member) { responder.hasRoom } }
  }

  private func deliver(_ answer: EventQueue.Answer) {
    group.countAnswered()
    // Its peer may have gone away, or have aborted the request.
    guard let connection = connections[answer.connection], connection.isAnswering(answer.requestNumber) else { return }
    send(answer.content, to: connection)
  }

  // MARK: Time

  /// How long an idle connection is kept open when the server stops. A web server that is about to use it does so
  /// within this time: a POST sent on a connection that was just closed is lost (nginx answers 502).
  private static let drainDelay = Duration.milliseconds(200)

  private var isOver: Bool {
    guard let end else { return false }
    // The order matters: a connection is counted for its loop before accepting ends.
    return (running == 0 && !group.isAccepting && !member.hasConnections) || Monotonic.now >= end
  }

  private var timeout: Int32 {
    guard revisited.isEmpty, newcomers.isEmpty, !mayBegin else { return 0 }
    var moments = end.map { [$0] } ?? []
    if !underDeadline.isEmpty || shortage != nil {
      moments.append(nextSweep)
    }
    if let first = queue.first { moments.append(first.latest) }
    guard let first = moments.min() else { return -1 }
    return first.millisecondsLeft
  }

  private func stop(within grace: Duration) {
    let newEnd = Monotonic.now + grace
    let isFirst = end == nil
    end = min(newEnd, end ?? newEnd)
    if isFirst, isAcceptor {
      report(.stopping)
      stopAccepting()
    }
    guard isFirst else { return }
    for connection in connections.values where connection.isIdle {
      drain(connection)
    }
  }

  /// Keeps an idle connection open for only a moment longer, because the server is stopping.
  func drain(_ connection: Connection) {
    let deadline = Monotonic.now + Self.drainDelay
    setDeadline(connection, until: deadline)
    nextSweep = min(nextSweep, deadline)
  }

  /// Sets or removes a connection's deadline.
  func setDeadline(_ connection: Connection, until deadline: Monotonic?) {
    if deadline == nil {
      guard connection.deadline != nil else { return }
      underDeadline.remove(connection.id)
    } else {
      if underDeadline.isEmpty {
        nextSweep = Monotonic.now + sweepInterval
      }
      underDeadline.insert(connection.id)
    }
    connection.deadline = deadline
  }

  private var sweepInterval: Duration {
    min(max(limits.peerTimeout / 4, .milliseconds(1)), .seconds(1))
  }

  /// Has accepting retried within this time: a connection was closed, or may be by then.
  func lookForRoom(within time: Duration) {
    nextSweep = min(nextSweep, .now + time)
  }

  /// Ends connections whose deadline has passed. Deadlines are seconds long, so an occasional look is precise enough.
  private func sweep() {
    guard !underDeadline.isEmpty || shortage != nil else { return }
    let now = Monotonic.now
    guard now >= nextSweep else { return }
    nextSweep = now + (shortage == nil ? sweepInterval : min(sweepInterval, limits.idleBeforeReclaim))
    for id in underDeadline {
      guard let connection = connections[id], let deadline = connection.deadline, deadline <= now else { continue }
      expire(connection)
    }
    // Descriptors may have become free elsewhere in the process.
    resumeAccepting()
  }
}
