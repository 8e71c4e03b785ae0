internal import Limits
internal import Threads

/// Counts what is under way, in all and of each source, so that no source has all of it.
final class AtOnce: Sendable {
  enum Entry: Sendable, Hashable {
    case entered
    /// This source has as many as it may.
    case sourceIsFull
    /// All together have.
    case isFull
  }

  private let most: Int
  private let mostOfSource: Int
  private let counts = Locked<(all: Int, ofSource: [CounterKey: Int])>((0, [:]))

  init(_ most: Int, ofSource mostOfSource: Int) {
    self.most = most
    self.mostOfSource = mostOfSource
  }

  /// Counts one more, which leaves later, if it entered.
  func enter(_ source: CounterKey) -> Entry {
    counts.with { counts in
      let count = counts.ofSource[source, default: 0]
      guard count < mostOfSource else { return .sourceIsFull }
      guard counts.all < most else { return .isFull }
      counts.all += 1
      counts.ofSource[source] = count + 1
      return .entered
    }
  }

  func leave(_ source: CounterKey) {
    counts.with { counts in
      guard let count = counts.ofSource[source] else { preconditionFailure("who leaves has entered") }
      counts.all -= 1
      counts.ofSource[source] = count > 1 ? count - 1 : nil
    }
  }
}
