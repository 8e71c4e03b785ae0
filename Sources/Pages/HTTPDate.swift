internal import Glibc

/// A time in HTTP's own format, "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, section 5.6.7).
struct HTTPDate: Sendable, Hashable {
  let text: String

  init(secondsSinceEpoch: Int64) {
    var time = time_t(secondsSinceEpoch)
    var fields = unsafe tm()
    // The C library's day and month names are English unless somebody calls `setlocale`, which PinGate never does. Neither call
    // can fail for a time that a file can have.
    unsafe gmtime_r(&time, &fields)
    text = unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 64) { buffer in
      guard let start = buffer.baseAddress,
        unsafe strftime(start, buffer.count, "%a, %d %b %Y %H:%M:%S GMT", &fields) > 0
      else { return "" }
      return unsafe String(cString: start)
    }
  }
}
