internal import LimitEngine
internal import Limits

/// The records of one turn: those read with it, those read later, and the changes to write.
final class TurnRecords: RecordStore {
  struct Change {
    let key: CounterKey
    /// Nil to delete the record.
    let record: [UInt8]?
    /// In the limit engine's milliseconds.
    let expires: Int64
  }

  private var records: [CounterKey: [UInt8]?]
  private let readMore: ([CounterKey]) throws(StoreFailure) -> [[UInt8]?]
  private(set) var changes: [Change] = []

  /// - Parameter readMore: reads records that were not requested in advance, in one round trip.
  init(
    _ records: [CounterKey: [UInt8]?], readMore: @escaping ([CounterKey]) throws(StoreFailure) -> [[UInt8]?]
  ) {
    self.records = records
    self.readMore = readMore
  }

  func read(_ key: CounterKey) throws(StoreFailure) -> [UInt8]? {
    if let record = records[key] { return record }
    try prefetch([key])
    return records[key] ?? nil
  }

  func prefetch(_ keys: [CounterKey]) throws(StoreFailure) {
    let missing = keys.filter { records[$0] == nil }
    guard !missing.isEmpty else { return }
    for (key, record) in zip(missing, try readMore(missing)) { records[key] = .some(record) }
  }

  func write(_ key: CounterKey, _ record: [UInt8], expires: Int64) {
    changes.append(Change(key: key, record: record, expires: expires))
  }

  func remove(_ key: CounterKey) {
    changes.append(Change(key: key, record: nil, expires: 0))
  }
}
