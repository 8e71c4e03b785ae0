internal import Glibc

/// How a CGI program ends, which its web server has a say in.
///
/// SIGTERM comes when a web server gives a request up, and from lighttpd and Apache also as soon as they have the page
/// (Apache kills what is still there 3 s later). Whenever it comes, the store is closed: what is left of a database's log
/// would be recovered by the next program.
actor CGIEnd {
  private let context: SiteContext?
  private var isAnswered = false

  /// How long alerts may take when nobody is in a hurry, and when the web server wants the program gone.
  private static let timeout: Duration = .seconds(25)
  private static let hurriedTimeout: Duration = .seconds(2)

  /// - Parameter context: nil when the settings are wrong.
  init(_ context: SiteContext?) {
    self.context = context
  }

  /// Ends what is at work, now that the page is written, or nobody takes it.
  func answered() async {
    isAnswered = true
    // Until the end of its pipe a web server waits, after it anyone may end the program by whatever means: so the store
    // comes first. It takes milliseconds, in which the page is complete already, for it tells its length.
    await context?.process.store.close()
    // Alerts may take longer. A web server takes the page for finished when nobody holds its pipe any more.
    close(STDOUT_FILENO)
    await context?.end(within: Self.timeout)
  }

  /// Ends the process soon. What was sent stays charged.
  func stop() async -> Never {
    await context?.settle(within: Self.hurriedTimeout)
    _exit(isAnswered ? ExitStatus.success : ExitStatus.stopped)
  }
}
