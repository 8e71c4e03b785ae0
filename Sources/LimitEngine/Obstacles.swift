internal import Limits

/// What stands in the way of a message or a try, and until when.
struct Obstacles: Sendable {
  private var obstacles: [(id: LimitID, end: Int64)] = []

  var isEmpty: Bool { obstacles.isEmpty }

  func contains(_ id: LimitID) -> Bool { obstacles.contains { $0.id == id } }

  /// One that is there again is there until then.
  mutating func add(_ id: LimitID, until end: Int64) {
    if let index = obstacles.firstIndex(where: { $0.id == id }) {
      obstacles[index].end = end
    } else {
      obstacles.append((id, end))
    }
  }

  /// Says that whoever comes then is judged anew.
  mutating func end(by time: Int64) {
    for index in obstacles.indices { obstacles[index].end = min(obstacles[index].end, time) }
  }

  /// - Parameter challenge: what would let the sender pass now.
  func refusal(challenge: Int? = nil, now: Int64) -> Refusal? {
    guard !isEmpty else { return nil }
    return Refusal(
      obstacles.map { Refusal.Reason($0.id, wait: $0.end.wait(from: now)) },
      challenge: challenge)
  }
}
