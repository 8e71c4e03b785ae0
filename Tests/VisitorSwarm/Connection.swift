import Glibc

/// A web server's connection to an application. What fails closes it; the next use opens it anew.
///
/// Used by one thread at a time.
final class Connection {
  private let path: String
  private var descriptor: Int32 = -1

  init(to path: String) {
    precondition(path.utf8.count < 108, "too long: \(path)")
    self.path = path
  }

  deinit {
    close()
  }

  func close() {
    guard descriptor >= 0 else { return }
    Glibc.close(descriptor)
    descriptor = -1
  }

  /// - Returns: whether all of it was sent.
  func send(_ bytes: ArraySlice<UInt8>) -> Bool {
    guard descriptor >= 0 || open() else { return false }
    var rest = bytes
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { return fail() }
      rest = rest.dropFirst(count)
    }
    return true
  }

  /// - Returns: the next answer; nil when the connection ended before it did.
  func receive() -> Answer? {
    var answer = Answer()
    var received: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 16_384)
    while !answer.isWhole {
      let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
      guard count > 0 else {
        close()
        return nil
      }
      received += buffer[..<count]
      answer.take(from: &received)
    }
    return answer
  }

  private func open() -> Bool {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    precondition(descriptor >= 0, "socket: errno \(errno)")
    // So that a test of a broken application ends.
    var timeout = timeval(tv_sec: 60, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    let result = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    return result == 0 || fail()
  }

  private func fail() -> Bool {
    close()
    return false
  }
}
