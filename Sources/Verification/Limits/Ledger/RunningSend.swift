/// A send that was charged: on its way, or with its answer.
struct RunningSend: Sendable, Hashable {
  let receipt: [UInt8]
  /// By when it has an answer, or is lost.
  let landsBy: Int64
  /// Until when it is remembered.
  var until: Int64
  var answer: [UInt8]?

  func state(now: Int64) -> Repeat {
    if let answer { return .answered(answer) }
    return now < landsBy ? .inFlight : .lost
  }
}

extension RunningSend {
  init(_ reader: inout RecordReader) throws(StoreFailure) {
    receipt = try reader.takeField()
    landsBy = try reader.take()
    until = try reader.take()
    answer = try reader.take(UInt8.self) == 1 ? try reader.takeField() : nil
  }

  init?(_ record: [UInt8]?) throws(StoreFailure) {
    guard let record else { return nil }
    var reader = RecordReader(record)
    try self.init(&reader)
    try reader.finish()
  }

  func put(in writer: inout RecordWriter) {
    writer.put(receipt)
    writer.put(landsBy)
    writer.put(until)
    writer.put(UInt8(answer == nil ? 0 : 1))
    if let answer { writer.put(answer) }
  }

  var record: [UInt8] {
    var writer = RecordWriter()
    put(in: &writer)
    return writer.bytes
  }
}
