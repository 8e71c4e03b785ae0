/// How many more transfers may begin to look for a connection. Belongs to the client's thread.
final class ConnectLimit {
  private(set) var free: Int

  init(_ most: Int) {
    free = most
  }

  func enter() { free -= 1 }
  func leave() { free += 1 }
}
