internal import Gateway

/// A request on its way into its task, which takes it out: what a task captures it keeps to its end, and thousands of them
/// wait at a time.
///
/// Sendable, because one thread puts it in before the task is, and the task alone takes it out.
final class RequestBox: @unchecked Sendable {
  private var request: Request?

  init(_ request: Request) {
    self.request = request
  }

  /// For once.
  func take() -> Request {
    guard let request else { preconditionFailure("it was taken out before") }
    self.request = nil
    return request
  }
}
