internal import Glibc

/// A small text file, read whole.
enum TextFile {
  struct Failure: Error, Sendable {
    let reason: String
    let isMissing: Bool
  }

  /// - Parameter limit: the most bytes that it may have.
  static func read(_ path: String, limit: Int) throws(Failure) -> String {
    // Without O_NONBLOCK the program would wait for whoever writes into a named pipe.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw .last() }
    defer { close(descriptor) }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { throw .last() }
    guard status.st_mode & S_IFMT == S_IFREG else { throw Failure(reason: "it is not a file", isMissing: false) }
    var bytes = [UInt8](repeating: 0, count: limit + 1)
    var length = 0
    while length < bytes.count {
      let count = unsafe bytes.withUnsafeMutableBytes { buffer in
        unsafe Glibc.read(descriptor, buffer.baseAddress?.advanced(by: length), buffer.count - length)
      }
      if count < 0, errno == EINTR { continue }
      guard count >= 0 else { throw .last() }
      guard count > 0 else { break }
      length += count
    }
    guard length <= limit else { throw Failure(reason: "it has more than \(limit) bytes", isMissing: false) }
    guard let text = String(validating: bytes.prefix(length), as: UTF8.self), !text.contains("\0") else {
      throw Failure(reason: "it is not UTF-8 text", isMissing: false)
    }
    return text
  }
}

extension TextFile.Failure {
  fileprivate static func last() -> Self {
    let code = errno
    return Self(reason: unsafe String(cString: strerror(code)), isMissing: code == ENOENT || code == ENOTDIR)
  }
}
