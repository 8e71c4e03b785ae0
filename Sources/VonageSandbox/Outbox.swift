/// The last messages, up to a bound.
struct Outbox: Sendable {
  /// Oldest first; up to twice the bound, so that dropping costs next to nothing.
  private var messages: [OutboxMessage] = []

  mutating func append(_ message: OutboxMessage) {
    messages.append(message)
    if messages.count >= 2 * Self.capacity {
      messages.removeFirst(messages.count - Self.capacity)
    }
  }

  var newestFirst: [OutboxMessage] { messages.suffix(Self.capacity).reversed() }

  static let capacity = 1_000
}
