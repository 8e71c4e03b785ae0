/// Who gets a PIN, and so may pass. The underlying data may change while the site runs.
public enum Admitted: Sendable {
  case everyNumber
  case listed(@Sendable () -> NumberList)
  /// Users for whose names the web server has checked a password, each by their own number.
  case users(@Sendable () -> UserNumbers)
}
