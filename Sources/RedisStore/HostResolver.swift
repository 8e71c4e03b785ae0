internal import Dispatch
internal import Glibc
internal import Verification

/// Finds the addresses of a host by its name within a time: `getaddrinfo` has none, and takes half a minute and more while
/// the name servers are silent.
///
/// It runs on a thread of its own, which is left behind when it takes too long; there is one such thread for a name at
/// most, and whoever asks again meanwhile waits for the same answer.
final class HostResolver: @unchecked Sendable {
  // Sendable because `running` is touched on `lock` only.
  /// An address as `connect` takes it.
  struct Address: Sendable, Hashable {
    /// A `sockaddr`, which begins with its family.
    let bytes: [UInt8]
  }

  typealias Lookup = @Sendable (RedisAddress.Host) -> Result<[Address], StoreFailure>

  private let lookup: Lookup
  private let lock = DispatchQueue(label: "RedisStore.HostResolver.lock")
  private var running: [RedisAddress.Host: Question] = [:]

  init(lookup: @escaping Lookup = HostResolver.systemLookup) {
    self.lookup = lookup
  }

  func addresses(
    of host: RedisAddress.Host, until deadline: ContinuousClock.Instant
  ) throws(StoreFailure) -> [Address] {
    let question = lock.sync {
      if let question = running[host] { return question }
      let question = Question()
      running[host] = question
      DispatchQueue.global(qos: .userInitiated).async { [self] in
        let answer = lookup(host)
        lock.sync { running[host] = nil }
        question.give(answer)
      }
      return question
    }
    guard let answer = question.wait(until: deadline) else {
      throw StoreFailure(.unavailable, "\(host.name): looking up the name timed out")
    }
    return try answer.get()
  }

  static let systemLookup: Lookup = { host in
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let result = unsafe getaddrinfo(host.name, "\(host.port)", &hints, &found)
    guard result == 0 else {
      return .failure(
        StoreFailure(.unavailable, "\(host.name): " + (unsafe String(cString: gai_strerror(result)))))
    }
    defer { unsafe freeaddrinfo(found) }
    var addresses: [Address] = []
    var candidate = unsafe found
    while let info = unsafe candidate {
      let bytes = unsafe Array(
        UnsafeRawBufferPointer(start: info.pointee.ai_addr, count: Int(info.pointee.ai_addrlen)))
      addresses.append(Address(bytes: bytes))
      unsafe candidate = info.pointee.ai_next
    }
    return .success(addresses)
  }

  /// One look-up, for which several may wait.
  private final class Question: @unchecked Sendable {
    // Sendable because the answer is written before the group is left, and read after that.
    private var answer: Result<[Address], StoreFailure>?
    private let isAnswered = DispatchGroup()

    init() { isAnswered.enter() }

    func give(_ result: Result<[Address], StoreFailure>) {
      answer = result
      isAnswered.leave()
    }

    /// Nil when it took too long.
    func wait(until deadline: ContinuousClock.Instant) -> Result<[Address], StoreFailure>? {
      let rest = max(.zero, ContinuousClock.now.duration(to: deadline))
      guard isAnswered.wait(timeout: .now() + .milliseconds(Int(rest.milliseconds))) == .success else { return nil }
      return answer
    }
  }
}
