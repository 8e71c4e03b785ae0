internal import HostNames

/// The hosts whose names have been looked up, and those whose names are being looked up. Belongs to the client's thread,
/// which never waits for a name: libcurl would, in its own resolver, and is therefore told all addresses.
struct DNSCache {
  private struct Known {
    let addresses: [Address]
    /// When it is asked for again.
    var asksAgain: ContinuousClock.Instant
    let end: ContinuousClock.Instant
  }

  /// When a name is asked for again that is used still, as libcurl does (CURLOPT_DNS_CACHE_TIMEOUT); nobody waits for it.
  static let freshness: Duration = .seconds(60)
  /// How long an answer is used for: as long as a connection that it led to (CURLOPT_MAXLIFETIME_CONN). While no name
  /// server answers, the service is reached all the same; after a quiet time the first calls may be led to where it was.
  static let lifetime: Duration = .seconds(600)
  /// When a name is asked for again after a failure that nobody noticed.
  static let retryDelay: Duration = .seconds(5)

  private let resolver: HostResolver
  private let queue: CallQueue
  private var known: [Host: Known] = [:]
  /// Whose names are being looked up.
  private(set) var asked: Set<Host> = []

  /// - Parameter queue: where answers go.
  init(_ resolver: HostResolver, queue: CallQueue) {
    self.resolver = resolver
    self.queue = queue
  }

  /// What libcurl has to be told of these hosts (CURLOPT_RESOLVE), or nil while one is not known: it is asked for then,
  /// and the queue gets the answer.
  mutating func lines(for hosts: [Host], now: ContinuousClock.Instant = .now) -> [String]? {
    var lines: [String] = []
    for host in hosts {
      let known = known[host].flatMap { now < $0.end ? $0 : nil }
      if let known { lines.append(Self.line(host, known.addresses)) }
      if now >= known?.asksAgain ?? now { ask(for: host) }
    }
    return lines.count == hosts.count ? lines : nil
  }

  /// Takes an answer from the queue.
  ///
  /// - Returns: whether the host has an address.
  mutating func take(_ answer: ResolvedHost, now: ContinuousClock.Instant = .now) -> Bool {
    asked.remove(answer.host)
    guard case .success(let addresses) = answer.addresses, addresses.contains(where: { $0.text != nil }) else {
      guard let last = known[answer.host], now < last.end else {
        known[answer.host] = nil
        return false
      }
      known[answer.host]?.asksAgain = now + Self.retryDelay
      return true
    }
    known[answer.host] = Known(addresses: addresses, asksAgain: now + Self.freshness, end: now + Self.lifetime)
    return true
  }

  private mutating func ask(for host: Host) {
    guard asked.insert(host).inserted else { return }
    resolver.ask(for: host) { [queue] in queue.tell(ResolvedHost(host: host, addresses: $0)) }
  }

  /// "HOST:PORT:ADDRESS[,ADDRESS]…", IPv6 addresses in brackets.
  private static func line(_ host: Host, _ addresses: [Address]) -> String {
    let texts = addresses.compactMap(\.text).map { $0.contains(":") ? "[\($0)]" : $0 }
    return "\(host.name):\(host.port):\(texts.joined(separator: ","))"
  }
}

/// What came of looking up a host's name, on its way to the client's thread.
struct ResolvedHost: Sendable {
  let host: Host
  let addresses: HostResolver.Answer
}
