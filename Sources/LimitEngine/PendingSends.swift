internal import Limits

/// The sends to a number that are reserved, and neither committed nor released, by the ids of their reservations.
struct PendingSends: Sendable {
  private var sends: [(reservationID: [UInt8], until: Int64)] = []

  mutating func add(_ reservationID: [UInt8], until: Int64) {
    sends.append((reservationID, until))
  }

  /// - Returns: whether it was among them.
  mutating func remove(_ reservationID: [UInt8]) -> Bool {
    guard let index = sends.firstIndex(where: { $0.reservationID == reservationID }) else { return false }
    sends.remove(at: index)
    return true
  }

  /// Until when the last of them is remembered; nil when there is none.
  var until: Int64? { sends.map(\.until).max() }
}

extension PendingSends {
  /// Those that are still remembered.
  init(_ record: ArraySlice<UInt8>?, now: Int64) throws(StoreFailure) {
    guard let record else { return }
    var reader = RecordReader(record)
    while !reader.isAtEnd {
      let reservationID = try reader.takeField()
      let until: Int64 = try reader.take()
      if until > now { sends.append((reservationID, until)) }
    }
  }

  var record: [UInt8] {
    var writer = RecordWriter(size: sends.count * 26)
    for send in sends {
      writer.put(send.reservationID)
      writer.put(send.until)
    }
    return writer.bytes
  }
}
