internal import Glibc
internal import Pages

/// The answer of a CGI program that has nothing to make a page with: texts of the program itself, written as they are. It
/// needs no memory and no descriptor.
enum EmergencyAnswer {
  /// Reads what the web server has of the request's body, as far as it comes soon, and writes the answer.
  ///
  /// - Parameter hasReadBody: whether nothing more of it is to come.
  static func give(hasReadBody: Bool = false) {
    if !hasReadBody { dropInput() }
    let words = EmergencyWords.english
    _ =
      write(head) && write(words.language) && write(afterLanguage) && write(words.title) && write(afterTitle)
      && write(words.title) && write(afterHeading) && write(words.text) && write(foot)
  }

  /// - Returns: false when nobody takes it.
  private static func write(_ text: StaticString) -> Bool {
    var rest = unsafe UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    while unsafe !rest.isEmpty {
      let count = unsafe Glibc.write(STDOUT_FILENO, rest.baseAddress, rest.count)
      guard count > 0 || errno == EINTR else { return false }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
    }
    return true
  }

  /// Of a program that ends before it has read, some web servers do not take the answer (`CGIProgram`).
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
  /// How long a body is read in all, in milliseconds: a visitor may send it byte by byte.
  private static let longest = 5_000
  private static let longestSilence = 1_000

  /// Of a clock that nobody sets.
  private static var milliseconds: Int {
    var now = timespec()
    unsafe clock_gettime(CLOCK_MONOTONIC, &now)
    return now.tv_sec * 1_000 + now.tv_nsec / 1_000_000
  }

  private static let head: StaticString = """
    Status: 503 Service Unavailable\r
    Content-Type: text/html; charset=utf-8\r
    Cache-Control: no-store\r
    Retry-After: 60\r
    Content-Security-Policy: default-src 'none'; frame-ancestors 'none'; base-uri 'none'\r
    X-Content-Type-Options: nosniff\r
    X-Frame-Options: DENY\r
    Referrer-Policy: same-origin\r
    \r
    <!doctype html>
    <html lang="
    """

  private static let afterLanguage: StaticString = """
    ">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>
    """

  private static let afterTitle: StaticString = "</title>\n<h1>"
  private static let afterHeading: StaticString = "</h1>\n<p>"
  private static let foot: StaticString = "</p>\n</html>\n"
}
