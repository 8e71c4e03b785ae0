internal import Threads
internal import Verification

/// The names that the numbers of a list have in proofs, made once for each list.
final class ListedSubjects: Sendable {
  private struct Made: Sendable {
    var revision: UInt64?
    var subjects: Set<String> = []
  }

  private let made = Locked(Made())

  func subjects(of list: NumberList, _ subject: (PhoneNumber) -> String) -> Set<String> {
    made.with { made in
      if made.revision != list.revision {
        made = Made(revision: list.revision, subjects: Set(list.numbers.map(subject)))
      }
      return made.subjects
    }
  }
}
