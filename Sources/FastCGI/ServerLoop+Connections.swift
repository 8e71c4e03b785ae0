internal import CFastCGI
internal import Gateway
internal import Glibc
internal import HTTPTypes
internal import Threads

extension ServerLoop {
  func handle(_ event: Poller.Event) {
    guard let connection = connections[event.token] else { return }
    if event.isHangUp {
      // Closed in both directions: nobody is left to receive a response.
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
      // No event will announce what arrived after it.
      connection.mayBeReadable = true
      take(bytes[...], connection)
    }
    var received = 0
    // Leftover bytes come before anything newly received: they get their turn after the response just given.
    while case .reading = connection.phase, connection.leftOver.isEmpty, connections[connection.id] != nil {
      do throws(SystemError) {
        guard let count = try connection.receive(into: &scratch) else { break }
        if count == 0 {
          end(connection, connection.owesAnswer ? .peerGone : nil)
          return
        }
        // A short count means that there was no more (epoll(7)), except for the end of the stream, which was announced
        // with it.
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

  /// How many bytes are received from one peer before others get their turn: a peer may send as fast as they are read.
  private static let receiveLimit = 256 << 10

  /// Gives the connection another turn, although no event will announce that there is more to receive.
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

  /// Begins answering a request; the peer has no deadline meanwhile.
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

  /// Sends a response in CGI format to the request being answered.
  func send(_ content: [UInt8], to connection: Connection) {
    guard case .answering(let requestID) = connection.phase else { return }
    guard let records = codec.encode(content, requestID: requestID) else {
      end(connection, .libraryFailed)
      return
    }
    send(records: records, to: connection)
  }

  /// Sends the records of a response.
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

  /// Sent after the last response on a connection that nginx would keep alive, in the same write, when the server
  /// stops.
  ///
  /// Otherwise nginx might pick the connection for its next request at the very moment it is closed, and a POST lost
  /// that way is answered with 502. When bytes follow `FCGI_END_REQUEST`, nginx closes the connection itself
  /// (ngx_http_fastcgi_module.c, `ngx_http_fastcgi_input_filter`). No other server gets this: Apache, which checks a
  /// connection before reusing it, would take the bytes for the beginning of its next response.
  private static let closeHint = RecordHeader(type: FCGI_GET_VALUES_RESULT, requestID: 0, contentLength: 0).bytes

  private func flush(_ connection: Connection) {
    guard case .sending(let ending) = connection.phase else { return }
    // Taken before the peer has the response: this thread may then have to wait for a processor, and the peer goes on.
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
      // The server may have begun to stop since the response was begun.
      if isStopping { drain(connection) }
      if connection.mayBeReadable || !connection.leftOver.isEmpty {
        revisit(connection)
      }
    case .close:
      // With bytes unread, closing would reset the connection before the peer has read its response. After an error it
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
      // Broken: all that is left is to close it.
    }
    end(connection, nil)
  }

  // MARK: Ending

  /// Handles a connection whose deadline has passed.
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

  /// Closes a connection on which nothing is arriving. From here on its peer can send no more, and what it has sent so
  /// far is answered: no request is silently lost.
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
