/// What a numbering plan makes of a number that a person typed.
public enum NumberReading: Sendable, Hashable {
  case accepted(Destination)
  case refused(NumberRefusal)
}
