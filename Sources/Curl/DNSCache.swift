internal import HostNames

/// The hosts that are resolved, and those being resolved. It is confined to the client's thread, which never waits for
/// a name: libcurl's own resolver would make it wait, so libcurl is given all addresses in advance.
struct DNSCache {
  private struct Known {
    let addresses: [Address]
    /// When the host is resolved again.
    var asksAgain: ContinuousClock.Instant
    let end: ContinuousClock.Instant
  }

  /// How old an address of a host in use may get before it is refreshed, as in libcurl (CURLOPT_DNS_CACHE_TIMEOUT);
  /// nobody waits for the refresh.
  static let freshness: Duration = .seconds(60)
  /// How long an address is used at all: as long as a connection to it may live (CURLOPT_MAXLIFETIME_CONN). So the
  /// service stays reachable while no name server answers; in return, the first calls after a quiet period may go to an
  /// old address.
  static let lifetime: Duration = .seconds(600)
  /// When a host is resolved again after a refresh that failed.
  static let retryDelay: Duration = .seconds(5)

  private let resolver: HostResolver
  private let queue: CallQueue
  private var known: [Host: Known] = [:]
  /// The hosts being resolved.
  private(set) var asked: Set<Host> = []

  /// - Parameter queue: receives the results.
  init(_ resolver: HostResolver, queue: CallQueue) {
    self.resolver = resolver
    self.queue = queue
  }

  /// What libcurl has to be told about these hosts (CURLOPT_RESOLVE); nil while one of them is unresolved. In that case
  /// it is being resolved, and the queue receives the result.
  mutating func lines(for hosts: [Host], now: ContinuousClock.Instant = .now) -> [String]? {
    var lines: [String] = []
    for host in hosts {
      let known = known[host].flatMap { now < $0.end ? $0 : nil }
      if let known { lines.append(Self.line(host, known.addresses)) }
      if now >= known?.asksAgain ?? now { ask(for: host) }
    }
    return lines.count == hosts.count ? lines : nil
  }

  /// Takes a result from the queue.
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

  /// "HOST:PORT:ADDRESS[,ADDRESS]…", with IPv6 addresses in brackets.
  private static func line(_ host: Host, _ addresses: [Address]) -> String {
    let texts = addresses.compactMap(\.text).map { $0.contains(":") ? "[\($0)]" : $0 }
    return "\(host.name):\(host.port):\(texts.joined(separator: ","))"
  }
}

/// The result of resolving a host, on its way to the client's thread.
struct ResolvedHost: Sendable {
  let host: Host
  let addresses: HostResolver.Answer
}
