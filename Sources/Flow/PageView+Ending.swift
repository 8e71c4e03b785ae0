internal import Tokens

extension PageView {
  /// The row of the table.
  var ending: Ending? { Self.endings[code] }

  private static let endings = Dictionary(uniqueKeysWithValues: Ending.all.map { (Verdict($0).code, $0) })
}
