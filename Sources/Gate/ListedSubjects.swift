internal import Threads
internal import Verification

/// Whether a name in a proof is that of a number of a list.
final class ListedSubjects: Sendable {
  private struct Made: Sendable {
    var revision: UInt64?
    var subjects: Set<String> = []
  }

  private let made = Locked(Made())
  private let isForOne: Bool

  /// - Parameter isForOne: whether only one name is looked for, ever: then no more is made of a list than it takes to find
  ///   that. Else all of its names are made, once for each list.
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
