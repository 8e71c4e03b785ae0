internal import DequeModule
internal import Gateway

/// From a request that has arrived to its task.
///
/// When more come than the responder can work on, they stand in line here. What nothing can be done for yet is kept as it
/// came, so that a rush of thousands costs memory for those only that are worked on.
extension ServerLoop {
  /// Takes a request in: begins it, or lets it stand in line, or says that there are too many.
  func take(_ received: ReceivedRequest, of connection: Connection) {
    beginExchange(received.requestID, connection)
    guard unanswered < limits.requestsInFlight else {
      if !wasOverloaded {
        wasOverloaded = true
        report(.overloaded)
      }
      guard decode(received, of: connection) != nil else { return }
      send(overloaded().cgiBytes, to: connection)
      return
    }
    unanswered += 1
    running += 1
    let place = RequestInLine(
      connection: connection.name, exchange: connection.exchange, request: received,
      latest: .now + limits.longestInLine)
    // A page needs nothing that forms wait for but this thread: there it has its turn behind them.
    if received.body.isEmpty, received.isWhole, line.isEmpty || !responder.hasRoom { return begin(place) }
    line.append(place)
    mayBegin = true
  }

  /// Begins those who are first in line, while there is room: the responder's, and this thread's own. What was begun comes
  /// before what was not.
  func beginRequests() {
    mayBegin = !line.isEmpty
    guard let first = line.first, mailbox.jobsLeft < Self.mostAtOnce || first.latest <= .now else { return }
    for _ in 0..<Self.mostAtOnce {
      guard let first = line.first, responder.hasRoom || first.latest <= .now else {
        mayBegin = false
        return
      }
      _ = line.popFirst()
      begin(first)
    }
  }

  private func begin(_ place: RequestInLine) {
    // Its peer may have gone, or have taken it back.
    guard let connection = connections[place.connection], connection.isAnswering(place.exchange),
      let request = decode(place.request, of: connection)
    else {
      countAnswered()
      running -= 1
      return
    }
    Task(executorPreference: mailbox) {
      [responder, mailbox, name = connection.name, exchange = place.exchange, request = Handover(request)] in
      let response = await responder.respond(to: request.take())
      let afterwards = response.afterwards
      let answer = Mailbox.Answer(connection: name, exchange: exchange, content: response.cgiBytes)
      mailbox.deliver(answer, endsTask: afterwards == nil)
      guard let afterwards else { return }
      // In a task of its own: this one has the memory of all that it has done.
      Task(executorPreference: mailbox) {
        await afterwards()
        mailbox.endTask()
      }
    }
  }

  /// The request; nil when the connection has ended.
  private func decode(_ received: ReceivedRequest, of connection: Connection) -> Request? {
    guard let request = codec.decode(received) else {
      end(connection, .libraryFailed)
      return nil
    }
    connection.heedsCloseHint = request.parameters["SERVER_SOFTWARE"]?.hasPrefix("nginx/") ?? false
    return request
  }
}
