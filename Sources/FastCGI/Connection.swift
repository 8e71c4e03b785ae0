internal import Glibc
internal import Threads

/// One peer's connection and how far it is.
///
/// It belongs to its loop.
final class Connection {
  enum Phase {
    /// A request is awaited, or arrives.
    case reading
    /// A request is being answered.
    case answering(requestID: UInt16)
    /// The answer is on its way.
    case sending(Disposition)
    /// The answer is sent; what still comes is thrown away until the peer closes, so many bytes at most.
    case discarding(left: Int)
  }

  /// What becomes of the connection after an answer.
  enum Disposition { case keep, close }

  let id: UInt64
  private let socket: AcceptedSocket
  var reader: RequestReader
  var phase = Phase.reading
  /// How many requests have come, which tells the last of them from others: a request id is used again by the next one, and
  /// the answer to one that was taken back may still come.
  var requestNumber = 0
  /// Whether the peer is known to close a kept connection itself on which something follows an answer.
  var heedsCloseHint = false
  /// Bytes that were received behind the end of a request.
  var leftOver: [UInt8] = []
  /// Whether there may be more to receive although no event will say so.
  var mayBeReadable = false
  /// Whether it waits for such a turn.
  var isRevisited = false
  /// Whether the peer will send no more: nothing tells so a second time, but what is received last of all.
  var peerHasFinished = false
  var answer: [UInt8] = []
  var sent = 0
  var waitsForRoom = false
  /// Whether events tell of it.
  var isWatched = false
  /// Since when nothing is to be done for it, if that is so.
  var idleSince = Monotonic.now
  /// When the peer has to be further than it is now; nil when it may take its time.
  var deadline: Monotonic?

  init(_ socket: AcceptedSocket, id: UInt64, limits: Limits) {
    self.socket = socket
    self.id = id
    reader = RequestReader(limits: limits)
  }

  /// Open for as long as this object is there.
  var descriptor: Int32 { socket.descriptor }

  /// Nothing has come but whole requests that were answered.
  var isIdle: Bool {
    guard case .reading = phase else { return false }
    return reader.isBetweenRecords && leftOver.isEmpty
  }

  func isAnswering(_ requestNumber: Int) -> Bool {
    if case .answering = phase { requestNumber == self.requestNumber } else { false }
  }

  /// Whether the peer has sent something of a request, and not got all of its answer.
  var owesAnswer: Bool {
    switch phase {
    case .reading: !(reader.isIdle && leftOver.isEmpty)
    case .answering, .sending: true
    case .discarding: false
    }
  }

  /// Receives what is there, without waiting.
  ///
  /// - Returns: how many bytes; 0 when the peer will send no more, nil when nothing is there now.
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

  /// Sends as much of the answer as there is room for.
  ///
  /// - Returns: whether all of it is sent.
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
