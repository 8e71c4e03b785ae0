/// A numbering plan's reading of a number that a person typed.
public enum NumberReading: Sendable, Hashable {
  case accepted(Destination)
  /// Several numbers could be meant, the most likely first, or the only one is doubtful: at least one. Nothing is sent
  /// before the visitor has decided.
  case unclear([Destination])
  /// `owner` is the country that the number belongs to, if it is a valid number.
  case refused(NumberRefusal, owner: Country? = nil)
}
