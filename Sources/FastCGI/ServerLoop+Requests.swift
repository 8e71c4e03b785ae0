internal import DequeModule
internal import Gateway

/// Takes a request from its arrival to its task.
///
/// When more arrive than the responder can work on, they wait in a queue. Requests that cannot be started yet are kept
/// in their encoded form, so that a burst of thousands costs full memory only for those being worked on.
extension ServerLoop {
  /// Takes in a request: starts it, queues it, or answers that there are too many.
  func take(_ received: ReceivedRequest, of connection: Connection) {
    beginRequest(received.requestID, connection)
    // It never waits, so it does not count toward the requests in flight.
    if received.body.isEmpty, answerAtOnce(received, of: connection) { return }
    // A request is started only if its response can be delivered: whoever causes a text message must get the page for
    // it.
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
    // A page waits for this thread only, not for the responder's room; so it passes the forms in the queue when these
    // wait for room, and queues behind them otherwise.
    if received.body.isEmpty, received.isWhole, queue.isEmpty || !responder.hasRoom { return begin(queued) }
    queue.append(queued)
    mayBegin = true
  }

  /// Answers what needs no waiting: what a web server asks before it serves each file of a guarded folder. It bypasses
  /// libfcgi, which would double the cost.
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

  /// Starts the oldest queued requests while there is room, both the responder's and this thread's. Requests already
  /// started take precedence over new ones.
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

  /// Whether the responder has room; if not, this loop is woken when another one has made some.
  private var hasRoom: Bool {
    if responder.hasRoom { return true }
    group.setWaitsForRoom(member)
    return responder.hasRoom
  }

  private func begin(_ queued: QueuedRequest) {
    // Its peer may have gone away, or have aborted it.
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
      // In a task of its own: this one holds the memory of everything it has done.
      Task(executorPreference: events) {
        await afterwards()
        events.endTask()
      }
    }
  }

  /// The decoded request; nil if the connection had to be closed.
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

/// A request that has arrived and has not been started. It is kept in its encoded form, a tenth of the memory of a
/// started request.
struct QueuedRequest {
  /// The connection's id.
  let connection: UInt64
  /// Which of the connection's requests it is.
  let requestNumber: Int
  let request: ReceivedRequest
  /// When it is started at the latest, room or no room.
  let latest: Monotonic
}

/// Carries a request into its task, which takes it out: a task keeps its captures until it ends, and thousands of them
/// wait at a time.
///
/// Sendable: one thread puts the request in before the task exists, and only the task takes it out.
final class RequestBox: @unchecked Sendable {
  private var request: Request?

  init(_ request: Request) {
    self.request = request
  }

  /// Takes the request out. Call it only once.
  func take() -> Request {
    guard let request else { preconditionFailure("the request was already taken") }
    self.request = nil
    return request
  }
}
