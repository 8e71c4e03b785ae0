public import Threads

/// Finds the addresses of a host by its name within a time: `getaddrinfo` has none, and takes half a minute and more while
/// the name servers are silent.
///
/// It runs on a thread of its own, which is left behind when it takes too long; there is one such thread for a host at
/// most, and whoever asks again meanwhile waits for the same answer.
///
/// In a program of one thread it runs inline, and the time is kept by asking name servers for a short while only.
public final class HostResolver: @unchecked Sendable {
  // Sendable because `running` and the questions' listeners are touched under `lock` only.
  public typealias Answer = Result<[Address], HostFailure>
  public typealias Lookup = @Sendable (Host) -> Answer

  private let lookup: Lookup
  private let usesThreads: Bool
  private let lock = Lock()
  private var running: [Host: Question] = [:]

  /// - Parameter lookup: may block; runs on a thread of its own.
  public init(lookup: @escaping Lookup = HostResolver.systemLookup) {
    self.lookup = lookup
    usesThreads = true
  }

  /// The resolver of a program that has so many threads, which asks the system.
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
  /// - Throws: what the system says of the name, or that it took too long.
  public func addresses(
    of host: Host, until deadline: ContinuousClock.Instant
  ) throws(HostFailure) -> [Address] {
    guard let answer = question(about: host).wait(until: deadline) else {
      throw HostFailure("\(host.name): looking up the name timed out")
    }
    return try answer.get()
  }

  /// Asks for the addresses without waiting.
  ///
  /// - Parameter tell: called once, on another thread or, when there can be none, on this one.
  public func ask(for host: Host, then tell: @escaping @Sendable (Answer) -> Void) {
    question(about: host, listener: tell)
  }

  /// The question that is being asked about the host, or else a new one.
  @discardableResult
  private func question(about host: Host, listener: (@Sendable (Answer) -> Void)? = nil) -> Question {
    let (question, isNew) = lock.withLock {
      let known = running[host]
      let question = known ?? Question()
      running[host] = question
      if let listener { question.listeners.append(listener) }
      return (question, known == nil)
    }
    guard isNew else { return question }
    guard usesThreads else {
      conclude(host, lookup(host))
      return question
    }
    do {
      _ = try POSIXThread(named: "names") { [self] in conclude(host, lookup(host)) }
    } catch {
      conclude(host, .failure(HostFailure("\(host.name): no thread to look up the name")))
    }
    return question
  }

  private func conclude(_ host: Host, _ answer: Answer) {
    let question = lock.withLock { running.removeValue(forKey: host) }
    question?.give(answer)
  }

  /// One look-up, for which several may wait.
  private final class Question: @unchecked Sendable {
    // Sendable because the answer is touched under the lock only. Listeners come under the resolver's lock, and only while
    // it has the question.
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

    /// Nil when it took too long.
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

/// A host by its name, and the TCP port that is asked for there.
public struct Host: Sendable, Hashable {
  /// A DNS name, or an address as text.
  public let name: String
  public let port: UInt16

  public init(name: String, port: UInt16) {
    self.name = name
    self.port = port
  }
}

/// Why there are no addresses of a host, in words for the owner: "redis.example: Name or service not known".
public struct HostFailure: Error, Sendable, Hashable, CustomStringConvertible {
  public let description: String

  public init(_ description: String) {
    self.description = description
  }
}
