internal import Glibc

/// The `errno` of a system call that failed, read at once after it.
struct SystemError: Error, Equatable, CustomStringConvertible {
  let number: Int32

  static var last: SystemError { SystemError(number: errno) }

  var description: String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }

  /// Whether the process or the machine has run out of descriptors or memory: it passes.
  var isShortage: Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(number)
  }

  var wouldBlock: Bool { number == EAGAIN || number == EWOULDBLOCK }

  /// Calls again for as long as signals interrupt the call.
  static func retrying<Number: SignedInteger>(_ call: () -> Number) throws(SystemError) -> Number {
    while true {
      let result = call()
      guard result < 0 else { return result }
      let error = last
      guard error.number == EINTR else { throw error }
    }
  }
}
