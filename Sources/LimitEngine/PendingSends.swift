internal import Limits

/// The sends to a number that were charged and have neither ended nor been given back, by their receipts.
struct PendingSends: Sendable {
  private var sends: [(receipt: [UInt8], until: Int64)] = []

  mutating func add(_ receipt: [UInt8], until: Int64) {
    sends.append((receipt, until))
  }

  /// - Returns: whether it was among them.
  mutating func remove(_ receipt: [UInt8]) -> Bool {
    guard let index = sends.firstIndex(where: { $0.receipt == receipt }) else { return false }
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
      let receipt = try reader.takeField()
      let until: Int64 = try reader.take()
      if until > now { sends.append((receipt, until)) }
    }
  }

  var record: [UInt8] {
    var writer = RecordWriter(size: sends.count * 26)
    for send in sends {
      writer.put(send.receipt)
      writer.put(send.until)
    }
    return writer.bytes
  }
}
