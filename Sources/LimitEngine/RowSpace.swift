package import Limits

/// The rows of a store as one transaction sees them, alone: all records of one key are one row. Times are in the
/// limiter's milliseconds.
package protocol RowSpace {
  /// Nil when there is none. One that is past its time may still be there.
  func read(_ key: CounterKey) throws(StoreFailure) -> [UInt8]?
  /// - Parameter expires: from when nobody needs it any more: it may then be pruned.
  func write(_ key: CounterKey, _ row: [UInt8], expires: Int64) throws(StoreFailure)
  func remove(_ key: CounterKey) throws(StoreFailure)
}
