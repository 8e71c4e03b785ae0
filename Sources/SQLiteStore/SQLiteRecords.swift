internal import LimitEngine
internal import Limits

/// The records of one open transaction.
struct SQLiteRecords: RecordStore {
  private let statements: RecordStatements

  init(_ connection: Connection) throws(StoreFailure) {
    statements = try SQLiteFailure.translating { try RecordStatements(connection) }
  }

  func read(_ key: CounterKey) throws(StoreFailure) -> [UInt8]? {
    try SQLiteFailure.translating { try statements.record(of: key.bytes) }
  }

  func write(_ key: CounterKey, _ record: [UInt8], expires: Int64) throws(StoreFailure) {
    try SQLiteFailure.translating { try statements.write(key.bytes, record, expires: expires) }
  }

  func remove(_ key: CounterKey) throws(StoreFailure) {
    try SQLiteFailure.translating { try statements.remove(key.bytes) }
  }
}
