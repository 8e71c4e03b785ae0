internal import HostNames
internal import Limits

/// Finds the server that takes writes and makes a connection ready for the script.
struct RedisConnector: Sendable {
  let address: RedisAddress
  private let resolver: HostResolver

  init(address: RedisAddress, resolver: HostResolver = HostResolver()) {
    self.address = address
    self.resolver = resolver
  }

  /// How long connecting may take, once the sentinels have named the primary and its address is known.
  static let patience: Duration = .seconds(1)

  /// A connection that is ready for the script.
  struct Ready {
    let connection: RedisConnection
    /// The script's SHA-1 there.
    let script: [UInt8]
    /// What names this run of the server.
    let run: String?
    let warning: RedisWarning?
  }

  func connect() throws(StoreFailure) -> Ready {
    var deadline = ContinuousClock.now + Self.patience
    let socket: RedisSocket
    switch address.place {
    case .host(let name, let port):
      (socket, deadline) = try reach(Host(name: name, port: port), within: Self.patience)
      if address.usesTLS { try socket.startTLS(name: name, authorities: address.authorities, until: deadline) }
    case .socket(let path): socket = try RedisSocket(path: path, until: deadline)
    case .sentinels(let hosts, let name):
      let primary = try primary(name, of: hosts)
      // Sentinels that did not answer must not use up the primary's time.
      (socket, deadline) = try reach(primary, within: Self.patience)
    }
    return try prepare(RedisConnection(socket), deadline)
  }

  /// Looks a host up and connects to it.
  ///
  /// - Parameter patience: how long the look-up may take, and after it all else: a program of one thread looks up for as
  ///   long as its resolver asks, and what it found then is worth trying.
  /// - Returns: with the moment at which the second of these times ends.
  private func reach(
    _ host: Host, within patience: Duration
  ) throws(StoreFailure) -> (RedisSocket, ContinuousClock.Instant) {
    let addresses: [Address]
    do throws(HostFailure) {
      addresses = try resolver.addresses(of: host, until: .now + patience)
    } catch {
      throw StoreFailure(.unavailable, error.description)
    }
    let deadline = ContinuousClock.now + patience
    return (try RedisSocket(host, at: addresses, until: deadline), deadline)
  }

  /// Asks the sentinels one after the other who is the primary now.
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
  ) throws(StoreFailure) -> Ready {
    var commands: [[String]] = []
    if let password = address.password {
      commands.append(["AUTH"] + (address.user.map { [$0] } ?? []) + [password])
    }
    if address.database != 0 { commands.append(["SELECT", "\(address.database)"]) }
    let first = commands.count
    commands += [
      ["ROLE"], ["INFO", "memory"], ["INFO", "persistence"], ["INFO", "server"],
      ["SCRIPT", "LOAD", LimiterScript.text],
    ]
    let replies = try connection.ask(commands.map { $0.map { Array($0.utf8) } }, until: deadline)
    for reply in replies[..<first] { try Self.checkSecret(reply) }
    // Whom Redis does not know it lets send no text as long as the script: of that it would only say so.
    if case .error(let error) = replies[first], error.hasPrefix("NOAUTH") { throw RedisReply.failure(error) }
    // A user may be forbidden to ask for the role: then the first write tells.
    if let role = replies[first].list?.first?.string, role != "master" {
      throw StoreFailure(.readOnly, "\(address) is a replica")
    }
    if let memory = replies[first + 1].string { try RedisInformation(memory).checkKeepsKeys() }
    let isForgetful = replies[first + 2].string.map { RedisInformation($0)["aof_enabled"] == "0" } ?? false
    let run = replies[first + 3].string.flatMap { RedisInformation($0)["run_id"] }.map { String($0) }
    try Self.check(replies[first + 4])
    guard let script = replies[first + 4].bytes else { throw StoreFailure(.unavailable, "SCRIPT LOAD: no name") }
    return Ready(connection: connection, script: script, run: run, warning: isForgetful ? .noAppendOnlyFile : nil)
  }

  private static func check(_ reply: RedisReply) throws(StoreFailure) {
    if case .error(let error) = reply { throw RedisReply.failure(error) }
  }

  /// Of an answer to what a password went with, only the first word is told: the rest may quote it.
  private static func checkSecret(_ reply: RedisReply) throws(StoreFailure) {
    guard case .error(let error) = reply else { return }
    let word = String(error.prefix { $0 != " " })
    throw StoreFailure(RedisReply.failure(word).kind, "Redis refused AUTH or SELECT: \(word)")
  }
}
