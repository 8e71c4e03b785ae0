/// The answer of a CGI program that has no room to make a page. Header, markup, and words are constants in the program's file that
/// are written out as they are, so it needs no memory and no descriptor.
public struct EmergencyPage: Sendable {
  /// A tag (BCP 47), as `lang` has it.
  let language: StaticString
  let title: StaticString
  let text: StaticString

  /// Writes the answer, piece by piece.
  ///
  /// - Parameter write: writes a piece; returns false if it cannot, which ends the answer.
  /// - Returns: whether all of it was written.
  public func write(_ write: (StaticString) -> Bool) -> Bool {
    write(Self.head) && write(language) && write(Self.afterLanguage) && write(title) && write(Self.afterTitle)
      && write(title) && write(Self.afterHeading) && write(text) && write(Self.foot)
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
