/// Who comes before whom where a site's budget is shared out.
package enum BudgetRank: Sendable, Hashable {
  /// Somebody with a proof, as long as there is something for those.
  case first
  /// A net that has verified something of late.
  case known
  /// A net of which nothing is known.
  case stranger
  /// A net that has left messages unverified of late, and verified nothing.
  case indebted
}
