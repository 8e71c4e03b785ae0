internal import Limits

/// The sends of a number in one browser, the oldest first: the newest counts, and those before it are what it gives way
/// to when it is given back.
struct SendStack: Sendable, Hashable {
  private(set) var sends: [RunningSend] = []

  /// More are on their way at one time only where the cooldowns are off.
  static let most = 4

  var newest: RunningSend? { sends.last }

  var until: Int64 { sends.map(\.until).max() ?? 0 }

  mutating func push(_ send: RunningSend) {
    sends.append(send)
    if sends.count > Self.most { sends.removeFirst() }
  }

  /// What came before it is of no use any more: it will not be given back.
  ///
  /// - Returns: whether the send was among them.
  mutating func commit(_ reservationID: [UInt8], answer: [UInt8]) -> Bool {
    guard let index = sends.firstIndex(where: { $0.reservationID == reservationID }) else { return false }
    sends[index].answer = answer
    sends.removeFirst(index)
    return true
  }

  /// - Returns: whether the send was among them.
  mutating func remove(_ reservationID: [UInt8]) -> Bool {
    guard let index = sends.firstIndex(where: { $0.reservationID == reservationID }) else { return false }
    sends.remove(at: index)
    return true
  }
}

extension SendStack {
  /// Those that are still remembered.
  init(_ reader: inout RecordReader, now: Int64) throws(StoreFailure) {
    var isFollowed = true
    while isFollowed {
      let send: RunningSend
      (send, isFollowed) = try RunningSend.read(&reader)
      if send.until > now { sends.append(send) }
    }
  }

  func put(in writer: inout RecordWriter) {
    for (index, send) in sends.enumerated() { send.put(in: &writer, isFollowed: index < sends.count - 1) }
  }
}
