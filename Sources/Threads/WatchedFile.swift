internal import Glibc

/// What is read of a small file, and again when the file has changed.
///
/// Whoever asks for the value gets it at once and waits for no disk: somebody else looks (`look`), in a place where that
/// may take time.
public final class WatchedFile<Value: Sendable>: Sendable {
  private struct Reading: Sendable {
    var value: Value
    var state: FileState?
    /// The file may have changed since without its times telling.
    var isFresh: Bool
  }

  private let path: String
  private let limit: Int
  private let read: @Sendable (Result<[String], SmallFile.Failure>) -> Value
  private let reading: Locked<Reading>

  /// Reads the file. It blocks.
  ///
  /// - Parameters:
  ///   - limit: the most bytes that it may have.
  ///   - read: makes the value of the lines, or of why there are none.
  public init(
    path: String, limit: Int, read: @escaping @Sendable (Result<[String], SmallFile.Failure>) -> Value
  ) {
    self.path = path
    self.limit = limit
    self.read = read
    reading = Locked(Self.reading(path, limit, read))
  }

  public var value: Value { reading.with { $0.value } }

  /// Reads the file again if it has changed. It blocks; one at a time should call it.
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
    // Before it is read: a change in between is then seen the next time.
    let state = FileState(path: path)
    let lines = Result { () throws(SmallFile.Failure) in try SmallFile(path: path, limit: limit).lines() }
    return Reading(value: read(lines), state: state, isFresh: state?.isFresh(at: time(nil)) ?? false)
  }
}
