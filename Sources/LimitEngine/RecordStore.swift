package import Limits

/// The records of a store as one transaction sees them, alone: all that is kept under one key is one record. Times are in
/// the limiter's milliseconds.
package protocol RecordStore {
  /// Nil when there is none. One that is past its time may still be there.
  func read(_ key: CounterKey) throws(StoreFailure) -> [UInt8]?
  /// - Parameter expires: from when nobody needs it any more: it may then be pruned.
  func write(_ key: CounterKey, _ record: [UInt8], expires: Int64) throws(StoreFailure)
  func remove(_ key: CounterKey) throws(StoreFailure)
  /// Says which records will be read next: a store that is far away reads them in one go.
  func prefetch(_ keys: [CounterKey]) throws(StoreFailure)
}

extension RecordStore {
  package func prefetch(_ keys: [CounterKey]) throws(StoreFailure) {}
}
