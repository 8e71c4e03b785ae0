internal import LimitEngine
internal import Limits

/// The rows of one turn: those that were read with it, those that are asked for later, and what is to be written.
final class TurnRecords: RowSpace {
  struct Change {
    let key: CounterKey
    /// Nil to remove it.
    let row: [UInt8]?
    /// In the limiter's milliseconds.
    let expires: Int64
  }

  private var rows: [CounterKey: [UInt8]?]
  private let readMore: (CounterKey) throws(StoreFailure) -> [UInt8]?
  private(set) var changes: [Change] = []

  /// - Parameter readMore: reads a row that nobody had named.
  init(_ rows: [CounterKey: [UInt8]?], readMore: @escaping (CounterKey) throws(StoreFailure) -> [UInt8]?) {
    self.rows = rows
    self.readMore = readMore
  }

  func read(_ key: CounterKey) throws(StoreFailure) -> [UInt8]? {
    if let row = rows[key] { return row }
    let row = try readMore(key)
    rows[key] = .some(row)
    return row
  }

  func write(_ key: CounterKey, _ row: [UInt8], expires: Int64) {
    changes.append(Change(key: key, row: row, expires: expires))
  }

  func remove(_ key: CounterKey) {
    changes.append(Change(key: key, row: nil, expires: 0))
  }
}
