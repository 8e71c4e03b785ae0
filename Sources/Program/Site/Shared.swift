internal import Threads

/// A part of a site that may be shared with the site that replaces it. Whoever gives it back last has to end it.
///
/// `@unchecked Sendable`: everything mutable is guarded by the lock.
final class Shared<Part: Sendable>: @unchecked Sendable {
  private final class Holders {
    let lock = Lock()
    var count = 1
  }

  let part: Part
  private let holders: Holders
  private var isGivenBack = false

  /// A part that nobody else has.
  convenience init(_ part: Part) {
    self.init(part, Holders())
  }

  private init(_ part: Part, _ holders: Holders) {
    self.part = part
    self.holders = holders
  }

  /// The part, for one more holder; not to be called after it was given back.
  func another() -> Shared {
    holders.lock.withLock { holders.count += 1 }
    return Shared(part, holders)
  }

  /// Gives it back; giving it back again does nothing.
  ///
  /// - Returns: whether nobody holds it any more.
  func giveBack() -> Bool {
    holders.lock.withLock {
      if !isGivenBack { holders.count -= 1 }
      isGivenBack = true
      return holders.count == 0
    }
  }
}
