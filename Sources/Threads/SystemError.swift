internal import Glibc

/// The `errno` of a failed system call, read right after the call.
public struct SystemError: Error, Sendable, Hashable, CustomStringConvertible {
  public let number: Int32

  public init(number: Int32) {
    self.number = number
  }

  /// The error of the call that has just failed.
  public static var last: SystemError { SystemError(number: errno) }

  /// The system's message (strerror(3)): "No such file or directory".
  public var description: String {
    guard let text = unsafe strerror(number) else { return "error \(number)" }
    return unsafe String(cString: text)
  }

  /// Whether the process or the machine is out of descriptors or memory, which is temporary.
  public var isShortage: Bool {
    [EMFILE, ENFILE, ENOBUFS, ENOMEM].contains(number)
  }

  public var wouldBlock: Bool { number == EAGAIN || number == EWOULDBLOCK }

  /// Repeats the call as long as signals interrupt it.
  public static func retrying<Number: SignedInteger>(_ call: () -> Number) throws(SystemError) -> Number {
    while true {
      let result = call()
      guard result < 0 else { return result }
      let error = last
      guard error.number == EINTR else { throw error }
    }
  }
}
