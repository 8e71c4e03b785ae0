internal import HostNames
internal import Limits

/// Finds the server that accepts writes, and prepares a connection for turns.
struct RedisConnector: Sendable {
  let address: RedisAddress
  private let resolver: HostResolver

  init(address: RedisAddress, resolver: HostResolver = HostResolver()) {
    self.address = address
    self.resolver = resolver
  }

  /// How long connecting may take, once the sentinels have named the primary and its address is known.
  static let timeout: Duration = .seconds(1)

  /// A connection that is ready for turns.
  struct Ready {
    let connection: RedisConnection
    /// The SHA-1 digests of the scripts, in the order of `TurnScript`.
    let scripts: [[UInt8]]
    /// Identifies this run of the server.
    let run: String?
    let warning: RedisWarning?
  }

  func connect() throws(StoreFailure) -> Ready {
    var deadline = ContinuousClock.now + Self.timeout
    let socket: RedisSocket
    switch address.location {
    case .host(let name, let port):
      (socket, deadline) = try reach(Host(name: name, port: port), within: Self.timeout)
      if address.usesTLS { try socket.startTLS(name: name, authorities: address.authorities, until: deadline) }
    case .socket(let path): socket = try RedisSocket(path: path, until: deadline)
    case .sentinels(let hosts, let name):
      let primary = try primary(name, of: hosts)
      // Sentinels that did not answer must not use up the primary's time.
      (socket, deadline) = try reach(primary, within: Self.timeout)
    }
    switch try prepare(RedisConnection(socket), deadline) {
    case .ready(let ready): return ready
    case .moved(let host): return try connect(toOwner: host)
    }
  }

  /// The result of preparing a connection.
  private enum Preparation {
    case ready(Ready)
    /// Another node of the cluster has the keys.
    case moved(Host)
  }

  private func connect(toOwner host: Host) throws(StoreFailure) -> Ready {
    let (socket, deadline) = try reach(host, within: Self.timeout)
    if address.usesTLS { try socket.startTLS(name: host.name, authorities: address.authorities, until: deadline) }
    guard case .ready(let ready) = try prepare(RedisConnection(socket), deadline) else {
      throw StoreFailure(.unavailable, "the nodes of the cluster disagree about who has the keys")
    }
    return ready
  }

  /// Parses `MOVED SLOT HOST:PORT` (redis.io, cluster specification).
  ///
  /// - Returns: nil for any other error, and if the host is empty because the node does not know its own name.
  static func owner(_ error: String) -> Host? {
    let words = error.split(separator: " ")
    guard words.count == 3, words[0] == "MOVED", let colon = words[2].lastIndex(of: ":"), colon > words[2].startIndex,
      let port = UInt16(words[2][words[2].index(after: colon)...])
    else { return nil }
    return Host(name: String(words[2][..<colon]), port: port)
  }

  /// Resolves a host and connects to it.
  ///
  /// - Parameter timeout: how long resolving may take, and then again everything after it: a single-threaded program
  ///   cannot interrupt its resolver, and whatever that has found is worth trying.
  /// - Returns: also the deadline of the second part.
  private func reach(
    _ host: Host, within timeout: Duration
  ) throws(StoreFailure) -> (RedisSocket, ContinuousClock.Instant) {
    let addresses: [Address]
    do throws(HostFailure) {
      addresses = try resolver.addresses(of: host, until: .now + timeout)
    } catch {
      throw StoreFailure(.unavailable, error.description)
    }
    let deadline = ContinuousClock.now + timeout
    return (try RedisSocket(host, at: addresses, until: deadline), deadline)
  }

  /// Asks the sentinels one by one for the current primary.
  private func primary(_ name: String, of sentinels: [Host]) throws(StoreFailure) -> Host {
    var failure = StoreFailure(.unavailable, "no sentinel answered")
    for sentinel in sentinels {
      do throws(StoreFailure) {
        let (socket, deadline) = try reach(sentinel, within: .milliseconds(300))
        let connection = RedisConnection(socket)
        if let password = address.sentinelPassword {
          try Self.checkSecret(connection.ask(["AUTH", password], until: deadline))
        }
        let reply = try connection.ask(["SENTINEL", "get-master-addr-by-name", name], until: deadline)
        if let list = reply.list, list.count == 2, let host = list[0].string,
          let port = list[1].string.flatMap(UInt16.init)
        {
          return Host(name: host, port: port)
        }
        failure = StoreFailure(.unavailable, "the sentinels know no primary of the name \(name)")
      } catch {
        failure = error
      }
    }
    throw failure
  }

  private func prepare(
    _ connection: RedisConnection, _ deadline: ContinuousClock.Instant
  ) throws(StoreFailure) -> Preparation {
    var commands: [[String]] = []
    if let password = address.password {
      commands.append(["AUTH"] + (address.user.map { [$0] } ?? []) + [password])
    }
    if address.database != 0 { commands.append(["SELECT", "\(address.database)"]) }
    let first = commands.count
    commands += [
      ["ROLE"], ["INFO", "memory"], ["INFO", "persistence"], ["INFO", "server"],
    ]
    let scripts = commands.count
    commands += TurnScript.allCases.map { ["SCRIPT", "LOAD", $0.text] }
    let formerClock = [Array("EXISTS".utf8), RecordNames(prefix: address.prefix).formerClock]
    let replies = try connection.ask(commands.map { $0.map { Array($0.utf8) } } + [formerClock], until: deadline)
    for reply in replies[..<first] { try Self.checkSecret(reply) }
    // Redis does not accept a text as long as a script from an unauthenticated client, and would complain about that
    // instead.
    if case .error(let error) = replies[first], error.hasPrefix("NOAUTH") { throw RedisReply.failure(error) }
    if case .error(let error) = replies[replies.count - 1], let owner = Self.owner(error) { return .moved(owner) }
    // The user may not be allowed to ask for the role; then the first write shows it.
    if let role = replies[first].list?.first?.string, role != "master" {
      throw StoreFailure(.readOnly, "\(address) is a replica")
    }
    if let memory = replies[first + 1].bytes { try RedisInformation(memory).checkKeepsKeys() }
    let isForgetful = replies[first + 2].bytes.map { RedisInformation($0)["aof_enabled"] == "0" } ?? false
    let run = replies[first + 3].bytes.flatMap { RedisInformation($0)["run_id"] }
    let hashes = try replies[scripts...].dropLast().map { reply throws(StoreFailure) in
      try Self.check(reply)
      guard let hash = reply.bytes else { throw StoreFailure(.unavailable, "SCRIPT LOAD: no name") }
      return hash
    }
    guard replies.last?.integer != 1 else { throw StoreHead.incompatible }
    return .ready(
      Ready(connection: connection, scripts: hashes, run: run, warning: isForgetful ? .noAppendOnlyFile : nil))
  }

  private static func check(_ reply: RedisReply) throws(StoreFailure) {
    if case .error(let error) = reply { throw RedisReply.failure(error) }
  }

  /// Of a reply to a command that contained a password, only the first word is reported: the rest may quote it.
  private static func checkSecret(_ reply: RedisReply) throws(StoreFailure) {
    guard case .error(let error) = reply else { return }
    let word = String(error.prefix { $0 != " " })
    throw StoreFailure(RedisReply.failure(word).kind, "Redis refused AUTH or SELECT: \(word)")
  }
}
