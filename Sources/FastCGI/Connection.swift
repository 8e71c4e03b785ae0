internal import Glibc
internal import Threads

/// One peer's connection and its state.
///
/// It is confined to its loop.
final class Connection {
  enum Phase {
    /// Waiting for a request, or receiving one.
    case reading
    /// A request is being answered.
    case answering(requestID: UInt16)
    /// The response is being sent.
    case sending(Disposition)
    /// The response has been sent; up to `left` more bytes are discarded until the peer closes.
    case discarding(left: Int)
  }

  /// What happens to the connection after a response.
  enum Disposition { case keep, close }

  let id: UInt64
  private let socket: AcceptedSocket
  var reader: RequestReader
  var phase = Phase.reading
  /// How many requests have arrived. It tells the latest from earlier ones: their request id may be reused, and the
  /// response to an aborted request may still arrive.
  var requestNumber = 0
  /// Whether the peer is known to close a kept-alive connection by itself when extra bytes follow a response.
  var heedsCloseHint = false
  /// Bytes received past the end of a request.
  var leftOver: [UInt8] = []
  /// Whether there may be more to receive although no event will announce it.
  var mayBeReadable = false
  /// Whether the connection is queued for another turn because of that.
  var isRevisited = false
  /// Whether the peer has stopped sending. No later event repeats this; only receiving the end of the stream does.
  var peerHasFinished = false
  var answer: [UInt8] = []
  var sent = 0
  var waitsForRoom = false
  /// Whether the poller reports events for it.
  var isWatched = false
  /// Since when it has been idle, if it is.
  var idleSince = Monotonic.now
  /// When the peer must have made progress; nil if it may take as long as it likes.
  var deadline: Monotonic?

  init(_ socket: AcceptedSocket, id: UInt64, limits: ServerLimits) {
    self.socket = socket
    self.id = id
    reader = RequestReader(limits: limits)
  }

  /// Open as long as this object exists.
  var descriptor: Int32 { socket.descriptor }

  /// Whether everything received belongs to whole requests that were answered.
  var isIdle: Bool {
    guard case .reading = phase else { return false }
    return reader.isBetweenRecords && leftOver.isEmpty
  }

  func isAnswering(_ requestNumber: Int) -> Bool {
    if case .answering = phase { requestNumber == self.requestNumber } else { false }
  }

  /// Whether the peer has sent at least part of a request and has not received the whole response.
  var owesAnswer: Bool {
    switch phase {
    case .reading: !(reader.isIdle && leftOver.isEmpty)
    case .answering, .sending: true
    case .discarding: false
    }
  }

  /// Receives what is available, without waiting.
  ///
  /// - Returns: the number of bytes; 0 if the peer will send no more, nil if nothing is available now.
  func receive(into buffer: inout [UInt8], peeking: Bool = false) throws(SystemError) -> Int? {
    let flags = Int32(MSG_DONTWAIT) | (peeking ? Int32(MSG_PEEK) : 0)
    do throws(SystemError) {
      return try SystemError.retrying {
        unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, flags) }
      }
    } catch {
      if error.wouldBlock { return nil }
      throw error
    }
  }

  /// Sends as much of the response as there is room for.
  ///
  /// - Returns: whether all of it has been sent.
  func send() throws(SystemError) -> Bool {
    do throws(SystemError) {
      while sent < answer.count {
        sent += try SystemError.retrying {
          unsafe answer.withUnsafeBytes { bytes in
            unsafe Glibc.send(
              descriptor, bytes.baseAddress! + sent, bytes.count - sent, Int32(MSG_DONTWAIT) | Int32(MSG_NOSIGNAL))
          }
        }
      }
    } catch {
      if error.wouldBlock { return false }
      throw error
    }
    answer = []
    sent = 0
    return true
  }
}
