/// Who gets a PIN, and so may pass. What it is read from may change while the site runs.
public enum Admitted: Sendable {
  case everyNumber
  case listed(@Sendable () -> NumberList)
  /// Those who come with a name that the web server has checked a password for, by the number that is theirs.
  case users(@Sendable () -> UserNumbers)
}
