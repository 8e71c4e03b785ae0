/// Who comes before whom where a range's ration, or a site's budget, is shared out.
package enum SenderRank: Sendable, Hashable {
  /// A browser that is trusted with the number, which passes by what is shared out, as long as its number has something of that.
  case trusted
  /// Somebody with a proof, as long as there is something for those, and for its subject.
  case first
  /// A net that has verified something of late, or this machine's own network.
  case known
  /// A net of which nothing is known.
  case stranger
  /// A net that has left messages unverified of late, and verified nothing.
  case indebted
}
