internal import DequeModule
internal import Gateway
internal import Glibc
internal import Threads

/// One thread of a server: it waits for all its sockets at once and does what each of them is ready for.
///
/// Everything in it belongs to that thread. What loops share is in `LoopGroup`.
final class ServerLoop {
  let socket: ListeningSocket
  let limits: Limits
  let responder: any Responder
  let overloaded: @Sendable (Request) -> Response
  let report: @Sendable (FastCGIEvent) -> Void
  let group: LoopGroup
  let member: LoopGroup.Member
  let poller: Poller
  let codec: Codec

  var connections: [UInt64: Connection] = [:]
  /// Those that are new, and not looked at yet.
  var newcomers: Deque<Connection> = []
  /// The ids of those that have a deadline.
  var underDeadline: Set<UInt64> = []
  /// Those that have something to read although no event will say so.
  var revisited: [Connection] = []
  /// Requests that are still to be begun, in the order in which they came.
  var queue: Deque<QueuedRequest> = []
  /// Whether the next turn may begin some of them: not when there was no room just now, and something has to go on first.
  var mayBegin = false
  /// How many requests there are, those that were answered and have something left to do included.
  var running = 0
  var scratch = [UInt8](repeating: 0, count: 64 << 10)
  var nextID = ServerLoop.firstConnectionID

  // Accepting: see ServerLoop+Accepting.
  let isAcceptor: Bool
  var isAccepting: Bool
  var shortage: FastCGIEvent.Shortage?
  /// Whether the operator was told of it.
  var isShortageTold = false
  /// While it is looked for an idle connection of any loop.
  var inquiry: ReclaimInquiry?

  /// When all is over, once the server is to stop.
  private var end: Monotonic?
  private var nextSweep = Monotonic.now

  /// How many of a kind are done before others have their turn.
  static let batchLimit = 64

  static let listenerToken: UInt64 = 0
  static let eventsToken: UInt64 = 1
  static let firstConnectionID: UInt64 = 2

  /// - Parameter index: which of the group's loops it is; the first one accepts.
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
      // The listener may have to wait behind the connections that are ready, and its backlog overflows meanwhile.
      if ready.count == Poller.mostEvents { acceptWaiting() }
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
      // Each has one turn, so that a peer which never stops sending does not keep the others waiting.
      let turn = revisited
      revisited = []
      for connection in turn where connections[connection.id] != nil {
        connection.isRevisited = false
        receive(connection)
      }
      if arrivals.isToLook, shortage != nil { lookForRoom(within: .zero) }
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

  // MARK: Answers

  /// Runs what tasks can do now, up to a number that leaves the sockets their turn.
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
    // Its peer may have gone, or have taken the request back.
    guard let connection = connections[answer.connection], connection.isAnswering(answer.requestNumber) else { return }
    send(answer.content, to: connection)
  }

  // MARK: Time

  /// How long an idle connection is left open when the server stops. A web server that is about to use it does so in
  /// this time: a POST that is sent on a connection that was just closed is lost (nginx answers 502).
  private static let drainDelay = Duration.milliseconds(200)

  private var isOver: Bool {
    guard let end else { return false }
    // Asked in this order: a connection is counted for its loop before the last one was accepted.
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

  /// Leaves an idle connection open for a moment only, because the server stops.
  func drain(_ connection: Connection) {
    let deadline = Monotonic.now + Self.drainDelay
    setDeadline(connection, until: deadline)
    nextSweep = min(nextSweep, deadline)
  }

  /// Gives a connection a deadline, or takes it away.
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

  /// Accepting is looked at again at the end of a turn by then: something was closed, or may be.
  func lookForRoom(within time: Duration) {
    nextSweep = min(nextSweep, .now + time)
  }

  /// Ends what is over its deadline. Deadlines are seconds, so that looking now and then is exact enough.
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
