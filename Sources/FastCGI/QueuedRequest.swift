/// A request that has arrived and is not begun yet: as the bytes that it came as, which are a tenth of what a request holds
/// that was begun.
struct QueuedRequest {
  /// The connection's id.
  let connection: UInt64
  /// Which of the connection's requests it is.
  let requestNumber: Int
  let request: ReceivedRequest
  /// When it is begun at the latest.
  let latest: Monotonic
}
