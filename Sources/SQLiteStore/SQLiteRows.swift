internal import LimitEngine
internal import Limits

/// The rows of one open transaction.
struct SQLiteRows: RowSpace {
  private let statements: RowStatements

  init(_ connection: Connection) throws(StoreFailure) {
    statements = try SQLiteFailure.translating { try RowStatements(connection) }
  }

  func read(_ key: CounterKey) throws(StoreFailure) -> [UInt8]? {
    try SQLiteFailure.translating { try statements.row(of: key.bytes) }
  }

  func write(_ key: CounterKey, _ row: [UInt8], expires: Int64) throws(StoreFailure) {
    try SQLiteFailure.translating { try statements.write(key.bytes, row, expires: expires) }
  }

  func remove(_ key: CounterKey) throws(StoreFailure) {
    try SQLiteFailure.translating { try statements.remove(key.bytes) }
  }
}
