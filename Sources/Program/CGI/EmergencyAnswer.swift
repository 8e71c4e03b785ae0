internal import Glibc
internal import Pages

/// Writes the answer of a CGI program that has no room to make a page (`EmergencyPage`). It needs no memory and no descriptor.
enum EmergencyAnswer {
  /// Reads whatever of the request's body comes soon, and writes the answer.
  ///
  /// - Parameter hasReadBody: whether the body was read before.
  static func give(hasReadBody: Bool = false) {
    if !hasReadBody { dropInput() }
    _ = EmergencyPage.english.write(write)
  }

  /// - Returns: false if nobody takes it.
  private static func write(_ text: StaticString) -> Bool {
    var rest = unsafe UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    while unsafe !rest.isEmpty {
      let count = unsafe Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
      guard count > 0 || errno == EINTR else { return false }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
    }
    return true
  }

  /// Some web servers do not take the answer of a program that ends before it has read the body (`CGIProgram`).
  private static func dropInput() {
    guard unsafe getenv("CONTENT_LENGTH") != nil || getenv("HTTP_TRANSFER_ENCODING") != nil else { return }
    let end = milliseconds + longest
    unsafe withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 1) { buffer in
      for _ in 0..<mostParts {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        let left = min(end - milliseconds, longestSilence)
        guard left > 0, unsafe poll(&input, 1, CInt(left)) == 1,
          unsafe read(STDIN_FILENO, buffer.baseAddress, buffer.count) > 0
        else { return }
      }
    }
  }

  private static let mostParts = 16_384
  /// How long the body is read in all, in milliseconds: a visitor may send it byte by byte.
  private static let longest = 5_000
  private static let longestSilence = 1_000

  /// The time of a clock that nobody can set.
  private static var milliseconds: Int {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1_000 + now.tv_nsec / 1_000_000
  }
}
