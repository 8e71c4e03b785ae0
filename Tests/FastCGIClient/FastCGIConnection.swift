import Foundation
import Glibc
internal import Threads

/// A web server's connection to an application, as obedient or as evil as a test wants it.
///
/// What may wait does so on a thread of its own: the threads on which tasks run belong to the application.
/// Sendable: what was received is under the lock, although one task at a time receives: the thread sanitizer does not see
/// that a continuation comes after what was done before it was resumed.
public final class FastCGIConnection: @unchecked Sendable {
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let descriptor: Int32
  private let lock = Lock()
  private var received: [UInt8] = []

  /// Makes a socket without connecting it.
  public convenience init() throws {
    try self.init(family: AF_UNIX)
  }

  private init(family: Int32) throws {
    descriptor = socket(family, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
    guard descriptor >= 0 else { throw Self.failure("socket") }
    // So that a test of a broken application ends.
    var timeout = timeval(tv_sec: 60, tv_usec: 0)
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &timeout, socklen_t(MemoryLayout<timeval>.size))
  }

  public convenience init(path: String) throws {
    try self.init()
    try connect(path: path)
  }

  public convenience init(port: Int) throws {
    try self.init(family: AF_INET)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
    try connect(address)
  }

  deinit {
    close(descriptor)
  }

  public func connect(path: String) throws {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    guard path.utf8.count < 108 else { throw Failure(description: "too long: \(path)") }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: path.utf8) }
    try connect(address)
  }

  private func connect<Address>(_ address: Address) throws {
    let result = unsafe withUnsafePointer(to: address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        unsafe Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
      }
    }
    guard result == 0 else { throw Self.failure("connect") }
  }

  // MARK: Sending

  public func send(_ request: FastCGIRequest) async throws {
    try await send(request.bytes)
  }

  /// Sends bytes, in portions of so many.
  public func send(_ bytes: [UInt8], inPortionsOf portion: Int = .max) async throws {
    try await Self.waiting { [self] in try sendHere(bytes, inPortionsOf: portion) }
  }

  /// Sends bytes on the caller's own thread, which waits while there is no room for them.
  public func sendHere(_ bytes: [UInt8], inPortionsOf portion: Int = .max) throws {
    var rest = bytes[...]
    while !rest.isEmpty {
      let count = unsafe rest.prefix(portion).withUnsafeBytes {
        unsafe Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
      }
      guard count > 0 else { throw Self.failure("send") }
      rest = rest.dropFirst(count)
    }
  }

  /// Says that nothing more will be sent.
  public func finishSending() {
    shutdown(descriptor, Int32(SHUT_WR))
  }

  // MARK: Receiving

  /// Sends a request and waits for its answer.
  public func answer(to request: FastCGIRequest) async throws -> FastCGIAnswer {
    try await send(request)
    return try await receive()
  }

  /// Waits for the next answer.
  public func receive() async throws -> FastCGIAnswer {
    var answer = FastCGIAnswer()
    while true {
      let header = try await take(8)
      let content = try await take(Int(header[4]) << 8 | Int(header[5]))
      _ = try await take(Int(header[6]))
      answer.requestID = UInt16(header[2]) << 8 | UInt16(header[3])
      switch header[1] {
      case 6: answer.output += content
      case 7: answer.errors += content
      case 3:
        guard content.count == 8 else { throw Failure(description: "an end of \(content.count) bytes") }
        answer.applicationStatus = content.prefix(4).reduce(0) { $0 << 8 | Int($1) }
        answer.protocolStatus = Int(content[4])
        return answer
      default: throw Failure(description: "a record of type \(header[1])")
      }
    }
  }

  /// Waits until something of an answer has come, and leaves it where it is.
  public func waitForAnswer() async throws {
    try await Self.waiting { [self] in
      var byte: UInt8 = 0
      guard unsafe recv(descriptor, &byte, 1, Int32(MSG_PEEK)) >= 0 else { throw Self.failure("recv") }
    }
  }

  /// Waits until the application closes the connection.
  ///
  /// - Returns: whether it sent nothing before.
  public func isClosedWithoutAWord() async throws -> Bool {
    try await rest().isEmpty
  }

  /// Whether the application has closed the connection, and sent nothing that was not taken before. Does not wait.
  public func hasEndedWithoutAWord() -> Bool {
    var byte: UInt8 = 0
    let count = unsafe recv(descriptor, &byte, 1, Int32(MSG_DONTWAIT) | Int32(MSG_PEEK))
    let hasEnded = count == 0 || (count < 0 && errno == ECONNRESET)
    return lock.withLock { hasEnded && received.isEmpty }
  }

  /// All that comes until the application closes the connection.
  public func rest() async throws -> [UInt8] {
    try await Self.waiting { [self] in
      while try receiveMore() {}
      return lock.withLock { received }
    }
  }

  private func take(_ count: Int) async throws -> [UInt8] {
    if let bytes = takeReceived(count) { return bytes }
    return try await Self.waiting { [self] in
      while true {
        if let bytes = takeReceived(count) { return bytes }
        guard try receiveMore() else { throw Failure(description: "closed before \(count) bytes came") }
      }
    }
  }

  private func takeReceived(_ count: Int) -> [UInt8]? {
    lock.withLock {
      guard received.count >= count else { return nil }
      defer { received.removeFirst(count) }
      return Array(received.prefix(count))
    }
  }

  /// - Returns: false when the application has closed the connection.
  private func receiveMore() throws -> Bool {
    var buffer = [UInt8](repeating: 0, count: 65_536)
    let count = unsafe buffer.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, $0.count, 0) }
    if count < 0, errno == ECONNRESET { return false }
    guard count >= 0 else { throw Self.failure("recv") }
    lock.withLock { received += buffer[..<count] }
    return count > 0
  }

  private static func failure(_ call: String) -> Failure {
    Failure(description: "\(call): \(unsafe String(cString: strerror(errno)))")
  }

  /// Runs what may wait on a thread of its own.
  private static func waiting<Value: Sendable>(_ body: @escaping @Sendable () throws -> Value) async throws -> Value {
    try await withCheckedThrowingContinuation { continuation in
      Thread.detachNewThread { continuation.resume(with: Result(catching: body)) }
    }
  }
}
