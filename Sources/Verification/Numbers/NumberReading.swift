/// What a numbering plan makes of a number that a person typed.
public enum NumberReading: Sendable, Hashable {
  case accepted(Destination)
  /// These could be meant, the likeliest first, or the one is hardly what was meant: at least one. Nothing is sent before the
  /// visitor has said so.
  case unclear([Destination])
  /// - owner: whose number it is, where it is one.
  case refused(NumberRefusal, owner: Country? = nil)
}
