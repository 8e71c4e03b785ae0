internal import Threads
internal import Verification

/// Finds out whether a subject in a proof stands for a number on a list.
final class ListedSubjects: Sendable {
  private struct Made: Sendable {
    var revision: UInt64?
    var subjects: Set<String> = []
  }

  private let made = Locked(Made())
  private let isForOne: Bool

  /// - Parameter isForOne: whether only one subject will ever be looked for. Then a list's subjects are computed until it is
  ///   found; otherwise all of them are computed, once for each list.
  init(isForOne: Bool = false) {
    self.isForOne = isForOne
  }

  func contains(_ subject: String, _ list: NumberList, _ name: (PhoneNumber) -> String) -> Bool {
    if isForOne { return list.numbers.contains { name($0) == subject } }
    return made.with { made in
      if made.revision != list.revision {
        made = Made(revision: list.revision, subjects: Set(list.numbers.map(name)))
      }
      return made.subjects.contains(subject)
    }
  }
}
