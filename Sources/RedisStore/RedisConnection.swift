internal import CHiredis
internal import Limits

/// Sends commands and receives their replies, in order, over one socket. hiredis parses the protocol. It is confined to
/// one thread.
@safe
final class RedisConnection {
  private let socket: RedisSocket
  private let reader: UnsafeMutablePointer<redisReader>
  private var received = [UInt8](repeating: 0, count: 65_536)

  init(_ socket: RedisSocket) {
    self.socket = socket
    // It returns nil only if out of memory.
    unsafe reader = redisReaderCreate()
  }

  deinit {
    unsafe redisReaderFree(reader)
  }

  var isQuiet: Bool { socket.isQuiet }

  /// Sends all commands at once and waits for all replies.
  func ask(
    _ commands: [[[UInt8]]], until deadline: ContinuousClock.Instant
  ) throws(StoreFailure) -> [RedisReply] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(commands.reduce(0) { $1.reduce($0 + 16) { $0 + $1.count + 16 } })
    for command in commands {
      bytes.append(UInt8(ascii: "*"))
      bytes += String(command.count).utf8
      bytes += "\r\n".utf8
      for word in command {
        bytes.append(UInt8(ascii: "$"))
        bytes += String(word.count).utf8
        bytes += "\r\n".utf8
        bytes += word
        bytes += "\r\n".utf8
      }
    }
    try socket.write(bytes, until: deadline)
    var replies: [RedisReply] = []
    while replies.count < commands.count {
      if let reply = try next() {
        replies.append(reply)
      } else {
        let count = try socket.read(into: &received, until: deadline)
        let fed = unsafe received.withUnsafeBytes { buffer in
          unsafe redisReaderFeed(reader, buffer.baseAddress?.assumingMemoryBound(to: CChar.self), count)
        }
        guard fed == REDIS_OK else { throw Self.broken }
      }
    }
    return replies
  }

  func ask(_ command: [String], until deadline: ContinuousClock.Instant) throws(StoreFailure) -> RedisReply {
    try ask([command.map { Array($0.utf8) }], until: deadline)[0]
  }

  private func next() throws(StoreFailure) -> RedisReply? {
    var reply: UnsafeMutableRawPointer?
    guard unsafe redisReaderGetReply(reader, &reply) == REDIS_OK else { throw Self.broken }
    guard let reply = unsafe reply else { return nil }
    defer { unsafe freeReplyObject(reply) }
    return unsafe RedisReply(reply.assumingMemoryBound(to: redisReply.self))
  }

  private static let broken = StoreFailure(.unavailable, "what answers does not speak Redis' protocol")
}
