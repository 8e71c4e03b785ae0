internal import DequeModule
internal import Gateway
internal import Glibc

/// The thread of a server: it waits for all sockets at once and does what each of them is ready for.
final class ServerLoop {
  let socket: ListeningSocket
  let limits: Limits
  let responder: any Responder
  let overloaded: @Sendable () -> Response
  let report: @Sendable (FastCGIEvent) -> Void
  let mailbox: Mailbox
  let poller: Poller
  let codec: Codec

  var connections: [UInt64: Connection] = [:]
  /// The names of those that have a deadline.
  var hurried: Set<UInt64> = []
  /// Those that have something to read although no event will say so.
  var revisited: [Connection] = []
  /// Requests that are still to be begun, in line.
  var line: Deque<RequestInLine> = []
  /// Whether the next turn may begin some of them: not when there was no room just now, and something has to go on first.
  var mayBegin = false
  /// How many requests are to be answered, those in line included; some of their peers may be gone.
  var unanswered = 0
  /// How many requests there are, those that were answered and have something left to do included.
  var running = 0
  var scratch = [UInt8](repeating: 0, count: 64 << 10)
  var wasOverloaded = false

  // Accepting: see ServerLoop+Accepting.
  var nextName = ServerLoop.firstConnectionName
  var isAccepting = true
  var pause: FastCGIEvent.Shortage?

  /// When all is over, once the server is to stop.
  private var end: Monotonic?
  private var nextSweep = Monotonic.now

  /// How many of a kind are done before others have their turn.
  static let mostAtOnce = 64

  static let listenerName: UInt64 = 0
  static let mailboxName: UInt64 = 1
  static let firstConnectionName: UInt64 = 2

  init(
    socket: ListeningSocket, limits: Limits, responder: any Responder, overloaded: @escaping @Sendable () -> Response,
    report: @escaping @Sendable (FastCGIEvent) -> Void, mailbox: Mailbox
  ) throws(SystemError) {
    self.socket = socket
    self.limits = limits
    self.responder = responder
    self.overloaded = overloaded
    self.report = report
    self.mailbox = mailbox
    poller = try Poller()
    codec = try Codec()
    try poller.watchWakeUps(try mailbox.open(), name: Self.mailboxName)
    try poller.watchListener(socket.descriptor, name: Self.listenerName)
  }

  var isStopping: Bool { end != nil }

  func run() {
    while !isOver {
      let events = poller.wait(milliseconds: mailbox.fallAsleep() ? timeout : 0)
      mailbox.wakeUp()
      for event in events {
        switch event.name {
        case Self.listenerName: acceptWaiting()
        case Self.mailboxName: break  // A turn is all that it asks for.
        default: handle(event)
        }
      }
      // The listener may be in line behind the connections that are ready, and its backlog overflows meanwhile.
      if events.count == Poller.mostEvents { acceptWaiting() }
      beginRequests()
      runJobs()
      let mail = mailbox.takeMail()
      for answer in mail.answers {
        deliver(answer)
      }
      running -= mail.ended
      // Each has one turn, so that a peer which never stops sending does not keep the others waiting.
      let turn = revisited
      revisited = []
      for connection in turn where connections[connection.name] != nil {
        connection.isRevisited = false
        receive(connection)
      }
      if let grace = mail.grace {
        stop(within: grace)
      }
      sweep()
    }
    report(.stopped(unfinished: running))
    connections = [:]
  }

  // MARK: Answers

  /// Runs what tasks can do now, up to a number that leaves the sockets their turn.
  private func runJobs() {
    let executor = unsafe mailbox.asUnownedTaskExecutor()
    for job in mailbox.takeJobs(Self.mostAtOnce) {
      unsafe job.runSynchronously(on: executor)
    }
  }

  private func deliver(_ answer: Mailbox.Answer) {
    countAnswered()
    // Its peer may have gone, or have taken the request back.
    guard let connection = connections[answer.connection], connection.isAnswering(answer.exchange) else { return }
    send(answer.content, to: connection)
  }

  /// One less is to be answered.
  func countAnswered() {
    unanswered -= 1
    // Well below, so that the event is not said at every other request.
    if unanswered < limits.requestsInFlight - limits.requestsInFlight / 10 {
      wasOverloaded = false
    }
  }

  // MARK: Time

  /// How long an idle connection is left open when the server stops. A web server that is about to use it does so in
  /// this time: a POST that is sent on a connection that was just closed is lost (nginx answers 502).
  private static let lull = Duration.milliseconds(200)

  private var isOver: Bool {
    guard let end else { return false }
    return (connections.isEmpty && running == 0) || Monotonic.now >= end
  }

  private var timeout: Int32 {
    guard revisited.isEmpty, !mayBegin else { return 0 }
    var moments = end.map { [$0] } ?? []
    if !hurried.isEmpty || pause != nil {
      moments.append(nextSweep)
    }
    if let first = line.first { moments.append(first.latest) }
    guard let first = moments.min() else { return -1 }
    return first.millisecondsLeft
  }

  private func stop(within grace: Duration) {
    let newEnd = Monotonic.now + grace
    let isFirst = end == nil
    end = min(newEnd, end ?? newEnd)
    guard isFirst else { return }
    report(.stopping)
    stopAccepting()
    let deadline = Monotonic.now + Self.lull
    for connection in connections.values where connection.isIdle {
      hurry(connection, until: deadline)
    }
    nextSweep = min(nextSweep, deadline)
  }

  /// Gives a connection a deadline, or takes it away.
  func hurry(_ connection: Connection, until deadline: Monotonic?) {
    if deadline == nil {
      guard connection.deadline != nil else { return }
      hurried.remove(connection.name)
    } else {
      if hurried.isEmpty {
        nextSweep = Monotonic.now + sweepInterval
      }
      hurried.insert(connection.name)
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
    guard !hurried.isEmpty || pause != nil else { return }
    let now = Monotonic.now
    guard now >= nextSweep else { return }
    nextSweep = now + (pause == nil ? sweepInterval : min(sweepInterval, limits.idleBeforeReclaim))
    for name in hurried {
      guard let connection = connections[name], let deadline = connection.deadline, deadline <= now else { continue }
      expire(connection)
    }
    // Descriptors may have become free elsewhere in the process.
    resumeAccepting()
  }
}
