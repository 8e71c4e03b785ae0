internal import Glibc

/// A file, pipe, socket, or terminal that takes the log. It is waited for only on request, and belongs to one thread at a time.
struct LogOutput {
  let descriptor: CInt
  private let isSocket: Bool

  enum Result {
    case written
    /// There is no room now.
    case full
    /// It takes nothing: nobody reads it any more, or its disk is full.
    case failed
  }

  /// Linux's `PIPE_BUF` (pipe(7)): a pipe that has any room has room for this much, and what several processes write does not mix.
  static let mostAtOnce = 4_096

  init(_ descriptor: CInt) {
    self.descriptor = descriptor
    var status = stat()
    isSocket = unsafe fstat(descriptor, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
  }

  /// Writes at most `mostAtOnce` of the bytes, from the front, and removes what was written.
  func write(_ bytes: inout [UInt8]) -> Result {
    while !bytes.isEmpty {
      guard isSocket || hasRoom(0) else { return .full }
      let count = unsafe bytes.withUnsafeBytes { bytes in
        // A socket says that it has room although it has not for all of it.
        isSocket
          ? unsafe send(descriptor, bytes.baseAddress, bytes.count, CInt(MSG_DONTWAIT) | CInt(MSG_NOSIGNAL))
          : unsafe Glibc.write(descriptor, bytes.baseAddress, bytes.count)
      }
      if count < 0 {
        switch errno {
        case EINTR: continue
        case EAGAIN: return .full
        default: return .failed
        }
      }
      bytes.removeFirst(count)
    }
    return .written
  }

  /// Waits until something can be written, or never will be again.
  ///
  /// - Parameter time: the longest wait; nil for no limit.
  func waitForRoom(_ time: Duration? = nil) {
    var milliseconds: CInt = -1
    if let (seconds, attoseconds) = time?.components {
      milliseconds = CInt(clamping: min(seconds, 1 << 20) * 1_000 + attoseconds / 1_000_000_000_000_000 + 1)
    }
    _ = hasRoom(milliseconds)
  }

  private func hasRoom(_ milliseconds: CInt) -> Bool {
    var output = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
    while true {
      let count = unsafe poll(&output, 1, milliseconds)
      if count < 0, errno == EINTR { continue }
      return count != 0
    }
  }
}
