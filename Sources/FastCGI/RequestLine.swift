/// Requests that have arrived and are not begun yet, the oldest first: as the bytes that they came as, which are a tenth of
/// what a request holds that was begun.
struct RequestLine {
  struct Place {
    /// The connection's name.
    let connection: UInt64
    let request: ReceivedRequest
    /// When it is begun at the latest.
    let latest: Monotonic
  }

  private var places: [Place?] = []
  /// Where the first one is.
  private var start = 0

  var isEmpty: Bool { start == places.count }
  var first: Place? { isEmpty ? nil : places[start] }

  mutating func append(_ place: Place) {
    places.append(place)
  }

  mutating func popFirst() -> Place? {
    guard let first else { return nil }
    places[start] = nil
    start += 1
    // Moved now and then only, so that thousands in line are not moved for each that leaves it.
    if start > 64, 2 * start > places.count {
      places.removeFirst(start)
      start = 0
    }
    return first
  }
}
