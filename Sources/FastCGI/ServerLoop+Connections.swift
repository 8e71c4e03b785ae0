internal import CFastCGI
internal import Gateway
internal import Glibc
internal import HTTPTypes
internal import Threads

extension ServerLoop {
  func handle(_ event: Poller.Event) {
    guard let connection = connections[event.token] else { return }
    if event.isHangUp {
      // Closed in both directions: nobody is left who could take an answer.
      end(connection, connection.owesAnswer ? .peerGone : nil)
      return
    }
    if event.isWritable, case .sending = connection.phase {
      flush(connection)
    }
    if event.isReadable {
      if event.isLast { connection.peerHasFinished = true }
      receive(connection)
    }
  }

  // MARK: Reading

  func receive(_ connection: Connection) {
    connection.mayBeReadable = false
    switch connection.phase {
    case .reading: read(connection)
    case .answering(let requestID):
      connection.mayBeReadable = true
      lookForAbort(of: requestID, connection)
    case .sending: connection.mayBeReadable = true
    case .discarding(let left): discard(connection, left)
    }
  }

  private func read(_ connection: Connection) {
    if !connection.leftOver.isEmpty {
      let bytes = connection.leftOver
      connection.leftOver = []
      // No event will tell of what came behind it.
      connection.mayBeReadable = true
      take(bytes[...], connection)
    }
    var received = 0
    // What is left over comes before what is received: it has its turn after the answer that was given meanwhile.
    while case .reading = connection.phase, connection.leftOver.isEmpty, connections[connection.id] != nil {
      do throws(SystemError) {
        guard let count = try connection.receive(into: &scratch) else { break }
        if count == 0 {
          end(connection, connection.owesAnswer ? .peerGone : nil)
          return
        }
        // A short count means that there was no more (epoll(7)); but for the end, which came with it.
        let mayBeMore = count == scratch.count || connection.peerHasFinished
        connection.mayBeReadable = mayBeMore
        take(scratch[..<count], connection)
        if !mayBeMore { break }
        received += count
        if received >= Self.receiveLimit, case .reading = connection.phase {
          revisit(connection)
          break
        }
      } catch {
        end(connection, connection.owesAnswer ? .peerGone : nil)
        return
      }
    }
    guard case .reading = connection.phase, connections[connection.id] != nil else { return }
    if !connection.isIdle {
      if connection.deadline == nil { setDeadline(connection, until: .now + limits.peerTimeout) }
    } else if connection.requestNumber > 0, !isStopping {
      setDeadline(connection, until: nil)
    }
  }

  /// How many bytes of one peer are received before others have their turn: it may send as fast as they are read.
  private static let receiveLimit = 256 << 10

  /// Sees to it that the connection has another turn, although no event will say that there is more to receive.
  private func revisit(_ connection: Connection) {
    guard !connection.isRevisited, connections[connection.id] != nil else { return }
    connection.isRevisited = true
    revisited.append(connection)
  }

  private func take(_ bytes: ArraySlice<UInt8>, _ connection: Connection) {
    var bytes = bytes
    switch connection.reader.read(&bytes) {
    case .needsMore: return
    case .request(let received):
      connection.leftOver = Array(bytes)
      take(received, of: connection)
    case .aborted(let requestID):
      report(.aborted)
      connection.leftOver = Array(bytes)
      beginRequest(requestID, connection)
      send([], to: connection)
    case .parametersTooLong(let requestID):
      report(.refused(.parametersTooLong))
      connection.leftOver = Array(bytes)
      beginRequest(requestID, connection)
      send(Response(status: .requestHeaderFieldsTooLarge, fields: [.contentLength: "0"]).cgiBytes, to: connection)
    case .restTooLong:
      end(connection, nil)
    case .refused(let refusal):
      end(connection, .refused(refusal))
    }
  }

  /// A request is to be answered, for which its peer has no deadline.
  func beginRequest(_ requestID: UInt16, _ connection: Connection) {
    setDeadline(connection, until: nil)
    connection.requestNumber += 1
    connection.phase = .answering(requestID: requestID)
  }

  private func lookForAbort(of requestID: UInt16, _ connection: Connection) {
    guard connection.leftOver.isEmpty else { return }
    var header = [UInt8](repeating: 0, count: RecordHeader.length)
    guard let count = try? connection.receive(into: &header, peeking: true), count == header.count else { return }
    guard RecordHeader(header[...]).isOf(type: FCGI_ABORT_REQUEST), RecordHeader(header[...]).requestID == requestID
    else { return }
    report(.aborted)
    send([], to: connection)
  }

  // MARK: Answering

  /// Sends an answer in CGI's form to the request that is being answered.
  func send(_ content: [UInt8], to connection: Connection) {
    guard case .answering(let requestID) = connection.phase else { return }
    guard let records = codec.encode(content, requestID: requestID) else {
      end(connection, .libraryFailed)
      return
    }
    send(records: records, to: connection)
  }

  /// Sends the records of an answer.
  func send(records: [UInt8], to connection: Connection) {
    var records = records
    let keeps = connection.reader.keepsConnection
    if keeps, isStopping, connection.heedsCloseHint {
      records += Self.closeHint
    }
    connection.answer = records
    connection.phase = .sending(keeps && !isStopping ? .keep : .close)
    flush(connection)
  }

  /// Follows the last answer on a connection that nginx would keep, in the same piece, when the server stops.
  ///
  /// Else nginx would take the connection for its next request, perhaps in the moment before it is closed, and a POST
  /// that is lost in that way is answered 502. With bytes behind `FCGI_END_REQUEST` it closes the connection itself
  /// (ngx_http_fastcgi_module.c, `ngx_http_fastcgi_input_filter`). To nobody else: Apache, which looks at a connection
  /// before it uses it again, takes them for the beginning of its next answer.
  private static let closeHint = RecordHeader(type: FCGI_GET_VALUES_RESULT, requestID: 0, contentLength: 0).bytes

  private func flush(_ connection: Connection) {
    guard case .sending(let ending) = connection.phase else { return }
    // From before the peer has it: this thread may have to wait for a processor then, and the peer goes on.
    let now = Monotonic.now
    do throws(SystemError) {
      let isSent = try connection.send()
      if connection.waitsForRoom == isSent {
        connection.waitsForRoom = !isSent
        if connection.isWatched { try poller.watchRoom(of: connection.descriptor, token: connection.id, !isSent) }
      }
      setDeadline(connection, until: isSent ? nil : .now + limits.peerTimeout)
      guard isSent else { return }
    } catch {
      end(connection, .peerGone)
      return
    }
    switch ending {
    case .keep:
      connection.phase = .reading
      connection.idleSince = now
      // The server may have begun to stop since the answer was begun.
      if isStopping { drain(connection) }
      if connection.mayBeReadable || !connection.leftOver.isEmpty {
        revisit(connection)
      }
    case .close:
      // With bytes unread, closing would break the connection before the peer has read its answer. After an error it
      // is broken already.
      let unread = try? connection.receive(into: &scratch)
      if !connection.reader.awaitsRest, connection.leftOver.isEmpty, unread == nil || unread == 0 {
        end(connection, nil)
      } else {
        startDiscarding(connection)
      }
    }
  }

  private func startDiscarding(_ connection: Connection) {
    connection.leftOver = []
    shutdown(connection.descriptor, Int32(SHUT_WR))
    setDeadline(connection, until: .now + limits.peerTimeout)
    discard(connection, limits.discardedBody)
  }

  private func discard(_ connection: Connection, _ left: Int) {
    var left = left
    let nextTurn = left - Self.receiveLimit
    do throws(SystemError) {
      while left > 0 {
        if left <= nextTurn {
          connection.phase = .discarding(left: left)
          revisit(connection)
          return
        }
        guard let count = try connection.receive(into: &scratch) else {
          connection.phase = .discarding(left: left)
          return
        }
        guard count > 0 else { break }
        left -= count
      }
    } catch {
      // Broken: closing is all that is left to do.
    }
    end(connection, nil)
  }

  // MARK: Ending

  /// Is called for a connection that is over its deadline.
  func expire(_ connection: Connection) {
    guard case .reading = connection.phase else {
      end(connection, connection.owesAnswer ? .timedOut : nil)
      return
    }
    // It may be this thread that was late.
    receive(connection)
    guard case .reading = connection.phase, connection.deadline != nil else { return }
    guard isStopping, connection.isIdle else {
      end(connection, .timedOut)
      return
    }
    endIdle(connection)
  }

  /// Closes a connection on which nothing comes. From here on its peer can send no more, and what it sent until now is
  /// answered: no request gets lost unseen.
  func endIdle(_ connection: Connection) {
    setDeadline(connection, until: nil)
    shutdown(connection.descriptor, Int32(SHUT_RD))
    connection.peerHasFinished = true
    receive(connection)
  }

  /// Closes a connection.
  func end(_ connection: Connection, _ event: FastCGIEvent?) {
    guard connections.removeValue(forKey: connection.id) != nil else { return }
    if connection.deadline != nil {
      underDeadline.remove(connection.id)
    }
    if let event {
      report(event)
    }
    if shortage != nil {
      lookForRoom(within: .zero)
    }
  }
}
