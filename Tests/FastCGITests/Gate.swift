import Gateway
import HTTPTypes

/// A responder that answers when it is told to, and lets a test wait until requests have come.
actor Gate: Responder {
  private(set) var requests: [Request] = []
  private var isOpen = false
  private var held: [CheckedContinuation<Void, Never>] = []
  private var watchers: [(count: Int, continuation: CheckedContinuation<Void, Never>)] = []

  func respond(to request: Request) async -> Response {
    requests.append(request)
    watchers.removeAll { watcher in
      guard requests.count >= watcher.count else { return false }
      watcher.continuation.resume()
      return true
    }
    if !isOpen {
      await withCheckedContinuation { held.append($0) }
    }
    return await Echo().respond(to: request)
  }

  func open() {
    isOpen = true
    for continuation in held { continuation.resume() }
    held = []
  }

  /// Waits until so many requests have come.
  func waitForRequests(_ count: Int) async {
    guard requests.count < count else { return }
    await withCheckedContinuation { watchers.append((count, $0)) }
  }
}
