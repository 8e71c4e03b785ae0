internal import Glibc
internal import VonageSandbox

/// Prints each message as one line with its PIN: a stand-in has no other telephone.
///
/// Sendable: the sandbox reports one message at a time.
final class MessagePrinter: @unchecked Sendable {
  private var lost = 0

  func print(_ message: OutboxMessage) {
    if lost > 0, write("(\(lost) messages were not printed)\n") { lost = 0 }
    let kind = message.channel == .sms ? "text message" : "call"
    let line = "\(message.at) \(kind) to +\(message.to), PIN \(message.pin): \(message.text)\n"
    if !write(line) { lost += 1 }
  }

  /// Writes a line that is shorter than `PIPE_BUF`, so that it comes whole and, once there is room, does not block. A
  /// terminal that stands still (Ctrl-S) is waited for once, for a second; then the API goes on without it.
  private func write(_ line: String) -> Bool {
    var output = pollfd(fd: STDOUT_FILENO, events: Int16(POLLOUT), revents: 0)
    guard unsafe poll(&output, 1, lost == 0 ? 1000 : 0) == 1 else { return false }
    let bytes = Array(line.utf8)
    return unsafe bytes.withUnsafeBytes { unsafe Glibc.write(STDOUT_FILENO, $0.baseAddress, $0.count) } == bytes.count
  }
}
