internal import Glibc
internal import Threads

/// A file of the site could not be read or written.
public struct StaticFilesFailure: Error, Sendable, CustomStringConvertible {
  /// The file or folder that it is about.
  public let path: String
  /// `errno` of the call that failed; 0 when none did and the file itself is wrong.
  public let code: CInt
  let reason: String

  public var description: String { "\(path): \(reason)" }

  var isMissing: Bool { code == ENOENT }

  /// What `errno` says of the call that has just failed.
  static func last(_ path: String) -> StaticFilesFailure {
    let error = SystemError.last
    return StaticFilesFailure(path: path, code: error.number, reason: error.description)
  }
}
