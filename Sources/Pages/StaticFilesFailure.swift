internal import Glibc
internal import Threads

/// One of the site's files could not be read or written.
public struct StaticFilesFailure: Error, Sendable, CustomStringConvertible {
  /// The file or folder concerned.
  public let path: String
  /// The `errno` of the call that failed; 0 if none did, and the file itself is wrong.
  public let code: CInt
  let reason: String

  public var description: String { "\(path): \(reason)" }

  var isMissing: Bool { code == ENOENT }

  /// The failure that `errno` describes, of a call that has just failed.
  static func last(_ path: String) -> StaticFilesFailure {
    let error = SystemError.last
    return StaticFilesFailure(path: path, code: error.number, reason: error.description)
  }
}
