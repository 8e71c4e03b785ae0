internal import Curl
internal import Glibc
internal import Threads

/// The client to the provider, and what it was made of: one that a reload would make alike goes on, with its thread and its
/// connections.
struct ProviderClient: Sendable {
  let client: Client
  private let configuration: Configuration
  private let certificates: [Int]

  /// - Throws: `CurlFailure`.
  init(_ configuration: Configuration, execution: Execution = .threads) throws {
    // Before libcurl reads them: what is replaced in between is then another one.
    certificates = Self.state(of: configuration)
    self.configuration = configuration
    client = try Client(configuration, execution: execution)
  }

  /// Whether one of this configuration would be the same, with the certificates that are in their file now: libcurl keeps
  /// them once they were read.
  func isLike(_ configuration: Configuration) -> Bool {
    configuration == self.configuration && Self.state(of: configuration) == certificates
  }

  /// Empty without a file.
  private static func state(of configuration: Configuration) -> [Int] {
    var facts = stat()
    guard let path = configuration.certificates?.path, unsafe stat(path, &facts) == 0 else { return [] }
    return [
      Int(facts.st_dev), Int(facts.st_ino), Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec,
    ]
  }
}
