internal import DequeModule
internal import Gateway

/// From a request that has arrived to its task.
///
/// When more come than the responder can work on, they wait in a queue. What nothing can be done for yet is kept as it
/// came, so that a rush of thousands costs memory for those only that are worked on.
extension ServerLoop {
  /// Takes a request in: begins it, or lets it wait, or says that there are too many.
  func take(_ received: ReceivedRequest, of connection: Connection) {
    beginRequest(received.requestID, connection)
    // It never waits, so that it is none of those that there may be so many of.
    if received.body.isEmpty, answerAtOnce(received, of: connection) { return }
    // A request is begun only when its answer can be waited for: the message that it asks for must have its page.
    guard watch(connection), group.admit() else {
      if group.beginOverload() { report(.overloaded) }
      guard let request = decode(received, of: connection) else { return }
      send(overloaded(request).cgiBytes, to: connection)
      return
    }
    running += 1
    let queued = QueuedRequest(
      connection: connection.id, requestNumber: connection.requestNumber, request: received,
      latest: .now + limits.longestInQueue)
    // A page needs nothing that forms wait for but this thread: there it has its turn behind them.
    if received.body.isEmpty, received.isWhole, queue.isEmpty || !responder.hasRoom { return begin(queued) }
    queue.append(queued)
    mayBegin = true
  }

  /// Answers what needs no waiting: what a web server asks before each file of a guarded folder. libfcgi has no part in
  /// that: it would cost as much again as all the rest.
  ///
  /// - Returns: false for any other request.
  private func answerAtOnce(_ received: ReceivedRequest, of connection: Connection) -> Bool {
    let request = received.request(ParameterBlock.parameters(in: received.parameters), body: [])
    guard let response = responder.immediateResponse(to: request) else { return false }
    noteServer(of: request, connection)
    let content = response.cgiBytes
    if content.count <= ShortAnswer.longest {
      send(records: ShortAnswer.records(of: content, requestID: received.requestID), to: connection)
    } else {
      send(content, to: connection)
    }
    return true
  }

  /// Begins those that came first, while there is room: the responder's, and this thread's own. What was begun comes
  /// before what was not.
  func beginRequests() {
    mayBegin = !queue.isEmpty
    guard let first = queue.first, member.events.jobsLeft < Self.batchLimit || first.latest <= .now else { return }
    for _ in 0..<Self.batchLimit {
      guard let first = queue.first, hasRoom || first.latest <= .now else {
        mayBegin = false
        return
      }
      _ = queue.popFirst()
      begin(first)
    }
  }

  /// Whether the responder has room; if not, this loop is told when another one has made some.
  private var hasRoom: Bool {
    if responder.hasRoom { return true }
    group.setWaitsForRoom(member)
    return responder.hasRoom
  }

  private func begin(_ queued: QueuedRequest) {
    // Its peer may have gone, or have taken it back.
    guard let connection = connections[queued.connection], connection.isAnswering(queued.requestNumber),
      let request = decode(queued.request, of: connection)
    else {
      group.countAnswered()
      running -= 1
      return
    }
    begin(request, queued, connection)
  }

  private func begin(_ request: Request, _ queued: QueuedRequest, _ connection: Connection) {
    Task(executorPreference: member.events) {
      [
        responder, events = member.events, id = connection.id, requestNumber = queued.requestNumber,
        request = RequestBox(request)
      ] in
      let response = await responder.respond(to: request.take())
      let afterwards = response.afterwards
      let answer = EventQueue.Answer(connection: id, requestNumber: requestNumber, content: response.cgiBytes)
      events.deliver(answer, endsTask: afterwards == nil)
      guard let afterwards else { return }
      // In a task of its own: this one has the memory of all that it has done.
      Task(executorPreference: events) {
        await afterwards()
        events.endTask()
      }
    }
  }

  /// The request; nil when the connection has ended.
  private func decode(_ received: ReceivedRequest, of connection: Connection) -> Request? {
    guard let request = codec.decode(received) else {
      end(connection, .libraryFailed)
      return nil
    }
    noteServer(of: request, connection)
    return request
  }

  private func noteServer(of request: Request, _ connection: Connection) {
    connection.heedsCloseHint = request.parameters["SERVER_SOFTWARE"]?.hasPrefix("nginx/") ?? false
  }
}

/// A request that has arrived and is not begun yet: as the bytes that it came as, which are a tenth of what a request holds
/// that was begun.
struct QueuedRequest {
  /// The connection's id.
  let connection: UInt64
  /// Which of the connection's requests it is.
  let requestNumber: Int
  let request: ReceivedRequest
  /// When it is begun at the latest.
  let latest: Monotonic
}

/// A request on its way into its task, which takes it out: what a task captures it keeps to its end, and thousands of them
/// wait at a time.
///
/// Sendable, because one thread puts it in before the task is, and the task alone takes it out.
final class RequestBox: @unchecked Sendable {
  private var request: Request?

  init(_ request: Request) {
    self.request = request
  }

  /// For once.
  func take() -> Request {
    guard let request else { preconditionFailure("it was taken out before") }
    self.request = nil
    return request
  }
}
