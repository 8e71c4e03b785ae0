internal import Tokens

extension PageView {
  /// The outcome whose page it shows.
  var outcome: Outcome? { Self.outcomes[code] }

  private static let outcomes = Dictionary(uniqueKeysWithValues: Outcome.all.map { (OutcomeRow($0).code, $0) })
}
