internal import Glibc

extension Timestamp {
  /// In UTC, to the second: "2026-11-24T22:11:35Z" (RFC 3339).
  public var rfc3339: String {
    var seconds = time_t(secondsSinceEpoch)
    var fields = unsafe tm()
    unsafe gmtime_r(&seconds, &fields)
    return unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 32) { buffer in
      guard let start = buffer.baseAddress,
        unsafe strftime(start, buffer.count, "%Y-%m-%dT%H:%M:%SZ", &fields) > 0
      else { return "-" }
      return unsafe String(cString: start)
    }
  }
}
