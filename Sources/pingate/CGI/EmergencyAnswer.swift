internal import Glibc

/// The answer of a CGI program that has nothing to make a page with: a text of the program itself, written as it is. It
/// needs no memory and no descriptor.
enum EmergencyAnswer {
  /// Reads what the web server has of the request's body, as far as it comes at once, and writes the answer.
  static func give() {
    dropInput()
    var rest = unsafe UnsafeRawBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount)
    while unsafe !rest.isEmpty {
      let count = unsafe write(STDOUT_FILENO, rest.baseAddress, rest.count)
      guard count > 0 || errno == EINTR else { return }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(max(0, count)))
    }
  }

  /// Of a program that ends before it has read, some web servers do not take the answer (`CGIProgram`).
  private static func dropInput() {
    guard unsafe getenv("CONTENT_LENGTH") != nil || getenv("HTTP_TRANSFER_ENCODING") != nil else { return }
    let end = ContinuousClock.now + longestInput
    unsafe withUnsafeTemporaryAllocation(byteCount: 1_024, alignment: 1) { buffer in
      while .now < end {
        var input = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
        guard unsafe poll(&input, 1, 1_000) == 1, unsafe read(STDIN_FILENO, buffer.baseAddress, buffer.count) > 0
        else { return }
      }
    }
  }

  private static let longestInput: Duration = .seconds(5)

  private static let text: StaticString = """
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
    <html lang="en">
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>Not available right now</title>
    <h1>Not available right now</h1>
    <p>The server has no room for this at the moment. No message was sent. Go back and try again in a minute.</p>
    </html>

    """
}
