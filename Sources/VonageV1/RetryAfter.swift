/// The `Retry-After` field (RFC 9110, section 10.2.3).
enum RetryAfter {
  /// The time to wait, from 1 s to 1 h, when it is given in seconds. A date gives nil: it would need the server's clock
  /// to be right, and no API that we ask sends one.
  static func delay(_ value: String) -> Duration? {
    guard (1...9).contains(value.utf8.count), value.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
      let seconds = Int(value)
    else { return nil }
    return .seconds(min(max(1, seconds), 3_600))
  }
}
