internal import HostNames

/// How a client connects, how long it waits, and how much it does at once.
public struct Configuration: Sendable, Hashable {
  /// The maximum time for resolving a name, and then again for connecting including the TLS handshake.
  public var connectTimeout: Duration = .seconds(3)
  /// The maximum time from `send` to the end of the response, whether the server is silent, slow or trickling. It is
  /// shorter than the web server's read timeout, so that the client sees our error page rather than the web server's.
  public var timeout: Duration = .seconds(10)
  /// The proxy to use; nil for none. The environment (`https_proxy`, `ALL_PROXY` and so on) is ignored: a client's
  /// `Proxy` header could have set it (httpoxy, CVE-2016-5385). Requests to this machine never go through it.
  public var proxy: ProxyURL?
  /// The authorities to trust; nil means none, so that every https request fails.
  public var certificates: CertificateFile?
  /// The maximum number of connections at one time, which is also the number kept for reuse. Further requests wait for
  /// a connection, for at most `connectTimeout`.
  ///
  /// HTTP/1.1 carries one request per connection, so this also bounds the transfers in progress. libcurl counts busy
  /// connections as kept ones, and closes one at the end of each transfer while there are more than it may keep
  /// (CURLMOPT_MAXCONNECTS): a smaller limit there would end reuse just when there is much to do.
  public var connections = 10_000
  /// The maximum number of transfers at one time that are still connecting, which bounds how hard a cold client hits
  /// the server. A request whose host is being resolved does not count.
  public var connectsAtOnce = 256
  public var userAgent = "PinGate"

  public init() {}

  /// The hosts that libcurl would resolve for a request: the proxy, which resolves the service itself unless its
  /// protocol only takes addresses.
  func hostsToLookUp(for url: ServiceURL) -> [Host] {
    guard let proxy, !url.isLoopback else { return url.host.map { [$0] } ?? [] }
    return [proxy.host, proxy.looksNamesUp ? nil : url.host].compactMap { $0 }
  }
}
