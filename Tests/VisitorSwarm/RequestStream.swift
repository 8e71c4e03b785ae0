import Foundation
import Glibc
internal import Threads

/// The requests in a file, which may be a pipe that is still written to.
///
/// Sendable: everything is under the lock.
final class RequestStream: @unchecked Sendable {
  private let descriptor: Int32
  private let lock = Lock()
  private var buffer: [UInt8] = []
  private var position = 0
  private var count = 0

  init(_ descriptor: Int32) {
    self.descriptor = descriptor
  }

  /// - Returns: the next one with its place, from 0; nil at the end.
  func next() -> (index: Int, request: Request)? {
    lock.withLock {
      var length = 0
      var isWhole = false
      while !isWhole {
        guard fill(length + 8) else { return nil }
        let header = position + length
        let content = Int(buffer[header + 4]) << 8 | Int(buffer[header + 5])
        isWhole = buffer[header + 1] == 5 && content == 0
        length += 8 + content + Int(buffer[header + 6])
        guard fill(length) else { return nil }
      }
      defer {
        position += length
        count += 1
      }
      return (count, Request(bytes: Array(buffer[position..<position + length])))
    }
  }

  /// Reads until there are so many bytes from `position` on.
  private func fill(_ length: Int) -> Bool {
    while buffer.count - position < length {
      buffer.removeFirst(position)
      position = 0
      var part = [UInt8](repeating: 0, count: 65_536)
      let count = unsafe read(descriptor, &part, part.count)
      guard count > 0 else { return false }
      buffer += part[..<count]
    }
    return true
  }
}
