import Dispatch
import Glibc
import HostNames

/// What answers for the name servers in tests: 127.0.0.1, or that there is none, or nothing until it is released and
/// 127.0.0.1 then. It remembers what was asked.
///
/// `@unchecked Sendable`: what changes is touched on the queue only.
final class StandInNames: @unchecked Sendable {
  enum Answer {
    case found, unknown, silent
  }

  private let answer: Answer
  private let queue = DispatchQueue(label: "StandInNames")
  private let gate = DispatchGroup()
  private var isReleased = false
  private var hosts: [Host] = []
  private var waiters: [CheckedContinuation<Void, Never>] = []

  init(_ answer: Answer) {
    self.answer = answer
    gate.enter()
  }

  deinit {
    release()
  }

  var asked: [Host] { queue.sync { hosts } }

  /// For the resolver's thread.
  func lookUp(_ host: Host) -> HostResolver.Answer {
    let waiters = queue.sync {
      hosts.append(host)
      defer { self.waiters = [] }
      return self.waiters
    }
    for waiter in waiters { waiter.resume() }
    if answer == .unknown { return .failure(HostFailure("\(host.name): unknown")) }
    if answer == .silent { gate.wait() }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    return .success([Address(bytes: withUnsafeBytes(of: &address) { Array($0) })])
  }

  func waitUntilAsked() async {
    await withCheckedContinuation { waiter in
      let isAsked = queue.sync {
        if hosts.isEmpty { waiters.append(waiter) }
        return !hosts.isEmpty
      }
      if isAsked { waiter.resume() }
    }
  }

  func release() {
    let isFirst = queue.sync {
      defer { isReleased = true }
      return !isReleased
    }
    if isFirst { gate.leave() }
  }
}
