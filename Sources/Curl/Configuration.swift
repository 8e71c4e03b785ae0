internal import HostNames

/// How a client connects, how long it waits and how much it does at once.
public struct Configuration: Sendable, Hashable {
  /// The longest time for looking up a name, and then for connection and TLS handshake.
  public var connectTimeout: Duration = .seconds(3)
  /// The longest time from `send` to the end of the answer, whether the server is silent, slow or drips. Shorter than the
  /// web server's read time-out, so that a visitor gets our page and not the server's.
  public var timeout: Duration = .seconds(10)
  /// The proxy to go through; nil is none. The environment (`https_proxy`, `ALL_PROXY` and so on) never counts: a
  /// visitor's `Proxy` header could have written it (httpoxy, CVE-2016-5385). This machine itself is never asked by it.
  public var proxy: ProxyURL?
  /// Whom to trust; nil is nobody: every https request fails.
  public var certificates: CertificateFile?
  /// The most connections at one time, and the most that are kept for reuse. Further requests wait for one,
  /// for as long as `connectTimeout`.
  ///
  /// HTTP/1.1 carries one request a connection, so this bounds the transfers under way too. libcurl counts busy
  /// connections as kept ones and closes one at the end of each transfer while there are more than it may keep
  /// (CURLMOPT_MAXCONNECTS): a smaller number for those would end reuse just when there is much to do.
  public var connections = 10_000
  /// The most transfers at one time that wait for a connection to come about: this bounds the rate at which a cold
  /// client beats on the server. A request whose host's name is being looked up is not among them.
  public var connectsAtOnce = 256
  public var userAgent = "PinGate"

  public init() {}

  /// The hosts that libcurl would look up the names of for a request: the proxy's, which looks up the service's itself
  /// unless it is one that takes addresses only.
  func hostsToLookUp(for url: ServiceURL) -> [Host] {
    guard let proxy, !url.isLoopback else { return url.host.map { [$0] } ?? [] }
    return [proxy.host, proxy.looksNamesUp ? nil : url.host].compactMap { $0 }
  }
}
