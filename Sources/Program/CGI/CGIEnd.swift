internal import Glibc

/// The end of a CGI program, in which its web server has a say.
///
/// SIGTERM comes when a web server gives a request up; lighttpd and Apache also send it as soon as they have the page (Apache
/// kills what is still running 3 s later). Whenever it comes, the store is closed: otherwise the next program would have to
/// recover the database from its log.
actor CGIEnd {
  private let context: SiteContext?
  private var isAnswered = false

  /// How long alerts may take, in peace and when the web server wants the program gone.
  private static let timeout: Duration = .seconds(25)
  private static let hurriedTimeout: Duration = .seconds(2)

  /// - Parameter context: nil if the settings are wrong.
  init(_ context: SiteContext?) {
    self.context = context
  }

  /// Ends what is at work, now that the page is written or nobody takes it.
  func answered() async {
    isAnswered = true
    // A web server waits for the end of its pipe; after that, anyone may kill the program. So the store comes first. That takes
    // milliseconds, and the page is complete by then, because it states its length.
    await context?.process.store.close()
    // Alerts may take longer. A web server considers the page finished once nobody holds its pipe any more.
    close(STDOUT_FILENO)
    await context?.end(within: Self.timeout)
  }

  /// Ends the process soon. A message that was sent stays counted.
  func stop() async -> Never {
    await context?.settle(within: Self.hurriedTimeout)
    _exit(isAnswered ? ExitStatus.success : ExitStatus.stopped)
  }
}
