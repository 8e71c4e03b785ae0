internal import ArgumentParser

/// Answers requests until it is told to stop: the default. It is `Main` that does so, on the main thread.
struct Serve: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Answer requests from a web server over FastCGI (the default).",
    discussion: """
      SIGTERM and SIGINT let it finish what runs, for at most 15 seconds, and end with 0. SIGHUP reads settings and \
      pages again, and keeps the old ones when the new are wrong.
      """)
}
