/// The records of a store as one transaction sees them, alone. Times are in the limiter's milliseconds.
package protocol RecordSpace {
  /// Nil when there is none. One that is past its time may still be there.
  mutating func read(_ key: RecordKey) throws(StoreFailure) -> [UInt8]?
  /// - Parameter expires: from when nobody needs it any more: it may then be pruned.
  mutating func write(_ key: RecordKey, _ value: [UInt8], expires: Int64) throws(StoreFailure)
  mutating func remove(_ key: RecordKey) throws(StoreFailure)
}
