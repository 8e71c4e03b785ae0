internal import Glibc

/// A value read from a small file, and read again when the file has changed.
///
/// Asking for the value never waits for the disk: somebody else calls `look`, where that may take time.
public final class WatchedFile<Value: Sendable>: Sendable {
  private struct Reading: Sendable {
    var value: Value
    var state: FileState?
    /// Whether the file may have changed since without a new timestamp.
    var isFresh: Bool
  }

  private let path: String
  private let limit: Int
  private let read: @Sendable (Result<[String], SmallFile.Failure>) -> Value
  private let reading: Locked<Reading>

  /// Reads the file. It blocks.
  ///
  /// - Parameters:
  ///   - limit: the maximum length of the file in bytes.
  ///   - read: makes the value from the lines, or from the reason why there are none.
  public init(
    path: String, limit: Int, read: @escaping @Sendable (Result<[String], SmallFile.Failure>) -> Value
  ) {
    self.path = path
    self.limit = limit
    self.read = read
    reading = Locked(Self.reading(path, limit, read))
  }

  public var value: Value { reading.with { $0.value } }

  /// Reads the file again if it has changed. It blocks; only one caller at a time should use it.
  ///
  /// - Returns: whether it was read.
  @discardableResult
  public func look() -> Bool {
    let (state, isFresh) = reading.with { ($0.state, $0.isFresh) }
    guard isFresh || FileState(path: path) != state else { return false }
    let new = Self.reading(path, limit, read)
    reading.with { $0 = new }
    return true
  }

  private static func reading(
    _ path: String, _ limit: Int, _ read: (Result<[String], SmallFile.Failure>) -> Value
  ) -> Reading {
    // Taken before the file is read, so that a change in between is seen the next time.
    let state = FileState(path: path)
    let lines = Result { () throws(SmallFile.Failure) in try SmallFile(path: path, limit: limit).lines() }
    return Reading(value: read(lines), state: state, isFresh: state?.isFresh(at: time(nil)) ?? false)
  }
}
