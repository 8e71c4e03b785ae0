public import Threads

/// Resolves host names with a timeout: `getaddrinfo` has none, and takes half a minute or more when the name servers
/// are silent.
///
/// Each lookup runs on a thread of its own, which is left behind if it takes too long. There is at most one such thread
/// per host; whoever asks again in the meantime waits for the same result.
///
/// In a single-threaded program it runs inline, and is kept short by giving name servers less time.
public final class HostResolver: @unchecked Sendable {
  // Sendable because `running` and the lookups' listeners are touched only under `lock`.
  public typealias Answer = Result<[Address], HostFailure>
  public typealias Lookup = @Sendable (Host) -> Answer

  private let lookup: Lookup
  private let usesThreads: Bool
  private let lock = Lock()
  private var running: [Host: PendingLookup] = [:]

  /// - Parameter lookup: may block; it runs on a thread of its own.
  public init(lookup: @escaping Lookup = HostResolver.systemLookup) {
    self.lookup = lookup
    usesThreads = true
  }

  /// Creates the system's resolver for a program with or without threads.
  public init(_ execution: Execution) {
    switch execution {
    case .threads:
      lookup = Self.systemLookup
      usesThreads = true
    case .loop:
      lookup = Self.briefSystemLookup
      usesThreads = false
    }
  }

  /// Waits for the addresses.
  ///
  /// - Throws: what the system says about the name, or that it took too long.
  public func addresses(
    of host: Host, until deadline: ContinuousClock.Instant
  ) throws(HostFailure) -> [Address] {
    guard let answer = pendingLookup(of: host).wait(until: deadline) else {
      throw HostFailure("\(host.name): looking up the name timed out")
    }
    return try answer.get()
  }

  /// Resolves the host without waiting.
  ///
  /// - Parameter tell: called once, on another thread or, if none can be created, on this one.
  public func ask(for host: Host, then tell: @escaping @Sendable (Answer) -> Void) {
    pendingLookup(of: host, listener: tell)
  }

  /// The running lookup for the host, or else a new one.
  @discardableResult
  private func pendingLookup(of host: Host, listener: (@Sendable (Answer) -> Void)? = nil) -> PendingLookup {
    let (pending, isNew) = lock.withLock {
      let known = running[host]
      let pending = known ?? PendingLookup()
      running[host] = pending
      if let listener { pending.listeners.append(listener) }
      return (pending, known == nil)
    }
    guard isNew else { return pending }
    guard usesThreads else {
      conclude(host, lookup(host))
      return pending
    }
    do {
      _ = try POSIXThread(named: "names") { [self] in conclude(host, lookup(host)) }
    } catch {
      conclude(host, .failure(HostFailure("\(host.name): no thread to look up the name")))
    }
    return pending
  }

  private func conclude(_ host: Host, _ answer: Answer) {
    let pending = lock.withLock { running.removeValue(forKey: host) }
    pending?.give(answer)
  }

  /// A single lookup, which several callers may wait for.
  private final class PendingLookup: @unchecked Sendable {
    // Sendable because the result is touched only under the lock. Listeners are added under the resolver's lock, and
    // only while the resolver has the lookup.
    var listeners: [@Sendable (Answer) -> Void] = []
    private let lock = Lock()
    private let isAnswered = Condition()
    private var answer: Answer?

    func give(_ result: Answer) {
      lock.withLock {
        answer = result
        isAnswered.signalAll()
      }
      for tell in listeners { tell(result) }
    }

    /// Returns nil if it took too long.
    func wait(until deadline: ContinuousClock.Instant) -> Answer? {
      lock.withLock {
        while answer == nil {
          let left = ContinuousClock.now.duration(to: deadline)
          guard left > .zero else { return nil }
          _ = isAnswered.wait(holding: lock, for: left)
        }
        return answer
      }
    }
  }
}

/// A host name, and the TCP port to connect to.
public struct Host: Sendable, Hashable {
  /// A DNS name, or an IP address as text.
  public let name: String
  public let port: UInt16

  public init(name: String, port: UInt16) {
    self.name = name
    self.port = port
  }
}

/// Why a host has no addresses, in words for the owner: "redis.example: Name or service not known".
public struct HostFailure: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
