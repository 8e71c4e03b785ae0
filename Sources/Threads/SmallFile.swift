internal import Glibc

/// A small regular file, read whole: all settings, secrets, templates, pages and certificates are read through it.
public struct SmallFile: Sendable {
  /// Why the file cannot be used, in words for the owner.
  public struct Failure: Error, Sendable, Hashable, CustomStringConvertible {
    /// The `errno` of the call that failed; 0 if the file itself is wrong.
    public let code: Int32
    /// The system's error message, or else what is wrong with the file: "is not a file".
    public let reason: String
    /// The line that is wrong, counted from 1, if it is a single line.
    public let line: Int?

    public init(_ reason: String, code: Int32 = 0, line: Int? = nil) {
      self.reason = reason
      self.code = code
      self.line = line
    }

    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    public var description: String {
      let words = code == 0 ? "it \(reason)" : reason
      return line.map { "line \($0): \(words)" } ?? words
    }

    static func last() -> Failure {
      let error = SystemError.last
      return Failure(error.description, code: error.number)
    }
  }

  /// The bytes exactly as in the file.
  public let bytes: [UInt8]
  /// When it was last modified, in seconds since 1970.
  public let modified: Int64

  /// - Parameter limit: its maximum length in bytes.
  public init(path: String, limit: Int) throws(Failure) {
    // Without O_NONBLOCK, opening a named pipe would wait for a writer. It has no effect on regular files.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last() }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .last() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure("is not a file") }
    guard status.st_size <= limit else { throw Failure("has more than \(limit) bytes") }
    bytes = try Self.read(descriptor, atMost: limit)
    modified = Int64(status.st_mtim.tv_sec)
  }

  private static func read(_ descriptor: Int32, atMost limit: Int) throws(Failure) -> [UInt8] {
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: min(limit + 1, 65_536))
    while true {
      let count = unsafe piece.withUnsafeMutableBytes { unsafe Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .last() }
      guard count > 0 else { return bytes }
      bytes += piece.prefix(count)
      // It may grow while it is read.
      guard bytes.count <= limit else { throw Failure("has more than \(limit) bytes") }
    }
  }
}
