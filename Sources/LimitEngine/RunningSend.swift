internal import Limits

/// A send that was reserved: pending, or with its answer.
struct RunningSend: Sendable, Hashable {
  let reservationID: [UInt8]
  /// By when it has an answer, or is lost.
  let deadline: Int64
  /// Until when it is remembered.
  var until: Int64
  var answer: [UInt8]?

  func state(now: Int64) -> IdempotentReplay {
    if let answer { return .answered(answer) }
    return now < deadline ? .pending : .lost
  }
}

extension RunningSend {
  /// - Returns: a send, and whether another one of its stack follows.
  static func read(_ reader: inout RecordReader) throws(StoreFailure) -> (RunningSend, isFollowed: Bool) {
    let reservationID = try reader.takeField()
    let deadline: Int64 = try reader.take()
    let until: Int64 = try reader.take()
    let flags = try reader.take(UInt8.self)
    let answer = flags & 1 != 0 ? try reader.takeField() : nil
    return (RunningSend(reservationID: reservationID, deadline: deadline, until: until, answer: answer), flags & 2 != 0)
  }

  init?(_ record: ArraySlice<UInt8>?) throws(StoreFailure) {
    guard let record else { return nil }
    var reader = RecordReader(record)
    (self, _) = try Self.read(&reader)
    try reader.finish()
  }

  func put(in writer: inout RecordWriter, isFollowed: Bool = false) {
    writer.put(reservationID)
    writer.put(deadline)
    writer.put(until)
    writer.put(UInt8((answer == nil ? 0 : 1) | (isFollowed ? 2 : 0)))
    if let answer { writer.put(answer) }
  }

  var record: [UInt8] {
    var writer = RecordWriter()
    put(in: &writer)
    return writer.bytes
  }
}
