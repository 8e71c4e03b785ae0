internal import Glibc

/// A small file, read whole.
struct FileContents: Sendable {
  let bytes: [UInt8]
  /// When it was last changed, in seconds since 1970.
  let modified: Int64

  static let longest = 1_048_576

  /// - Throws: what `open`, `fstat` or `read` said, or that it is not a regular file of at most 1 MiB.
  init(path: String) throws(StaticFilesFailure) {
    // A pipe without a writer would make `open` wait for one; regular files do not know O_NONBLOCK.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last(path) }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .last(path) }
    guard status.st_mode & S_IFMT == S_IFREG, status.st_size <= Self.longest else {
      throw StaticFilesFailure(path: path, code: 0, reason: "is not a file of at most \(Self.longest) bytes")
    }
    var bytes = [UInt8](repeating: 0, count: Int(status.st_size))
    var length = 0
    while length < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe read(descriptor, buffer.baseAddress?.advanced(by: length), buffer.count - length)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .last(path) }
      guard count > 0 else { break }
      length += count
    }
    self.bytes = Array(bytes.prefix(length))
    modified = Int64(status.st_mtim.tv_sec)
  }
}
