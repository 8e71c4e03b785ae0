internal import Curl
internal import Glibc
internal import Threads

/// The provider's client and what it was made from: if a reload would make an identical one, this one goes on, with its thread and
/// its connections.
struct ProviderClient: Sendable {
  let client: Client
  private let configuration: Configuration
  private let certificates: [Int]

  /// - Throws: `CurlFailure`.
  init(_ configuration: Configuration, execution: Execution = .threads) throws {
    // Before libcurl reads them, so that a file that is replaced in between counts as different.
    certificates = Self.state(of: configuration)
    self.configuration = configuration
    client = try Client(configuration, execution: execution)
  }

  /// Whether a client with this configuration would be the same, given the certificates that are in the file now: libcurl keeps
  /// them once it has read them.
  func isLike(_ configuration: Configuration) -> Bool {
    configuration == self.configuration && Self.state(of: configuration) == certificates
  }

  /// Empty if there is no file.
  private static func state(of configuration: Configuration) -> [Int] {
    var facts = stat()
    guard let path = configuration.certificates?.path, unsafe stat(path, &facts) == 0 else { return [] }
    return [
      Int(facts.st_dev), Int(facts.st_ino), Int(facts.st_size), facts.st_mtim.tv_sec, facts.st_mtim.tv_nsec,
    ]
  }
}
