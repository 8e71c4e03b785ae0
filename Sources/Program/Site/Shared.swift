internal import Threads

/// A part of a site that the site which takes its place may have as well. Whoever gives it back last has to end it.
///
/// `@unchecked Sendable`: what changes is under the lock.
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

  /// The part for one more holder. Not after it was given back.
  func another() -> Shared {
    holders.lock.withLock { holders.count += 1 }
    return Shared(part, holders)
  }

  /// Gives it back; more than once is once.
  ///
  /// - Returns: whether nobody has it any more.
  func giveBack() -> Bool {
    holders.lock.withLock {
      if !isGivenBack { holders.count -= 1 }
      isGivenBack = true
      return holders.count == 0
    }
  }
}
