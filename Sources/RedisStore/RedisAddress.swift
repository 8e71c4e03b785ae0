internal import Encoding
internal import HostNames
public import Limits

/// Where the counters are, and how to reach them.
///
///     redis://[user[:password]@]host[:port][/database]
///     rediss://…                                         the same over TLS
///     redis+unix://[user[:password]@]/path/to/socket     also unix:/path/to/socket
///     redis+sentinel://[user[:password]@]host:port,host:port/name[/database]
///
/// with `?prefix=` (the start of all keys, "pingate"), `database=`, `ca=` (a file with the certificates to trust),
/// `confirm=` (how many replicas must have a reservation before it is answered: 1 with Sentinel, otherwise 0) and
/// `sentinel-password=`.
public struct RedisAddress: Sendable, Hashable {
  enum Location: Sendable, Hashable {
    case host(String, port: UInt16)
    case socket(String)
    case sentinels([Host], name: String)
  }

  let location: Location
  var usesTLS = false
  var user: String?
  var password: String?
  var database = 0
  var prefix = "pingate"
  var authorities: String?
  /// The file with the certificates to trust; nil for the system's.
  public var certificateFile: String? { authorities }
  var confirmations = 0
  var sentinelPassword: String?

  /// - Throws: `store.unsuitable` with what is wrong, without quoting the address.
  public init(_ text: String) throws(StoreFailure) {
    guard let colon = text.firstIndex(of: ":") else {
      throw Self.wrong("it does not begin with redis: or a similar scheme")
    }
    let scheme = text[..<colon].lowercased()
    var rest = text[text.index(after: colon)...]
    if rest.hasPrefix("//") { rest = rest.dropFirst(2) }
    let parts = rest.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    var body = parts[0]
    if let at = body.lastIndex(of: "@") {
      let names = body[..<at].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      let user = try Self.decode(names[0])
      self.user = user.isEmpty ? nil : user
      // A single word is a password, as in Redis's own tools: a user name alone would be useless.
      if names.count > 1 { password = try Self.decode(names[1]) } else { (password, self.user) = (user, nil) }
      body = body[body.index(after: at)...]
    }
    switch scheme {
    case "redis", "rediss":
      let path = body.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
      let host = try Self.host(path[0], port: 6379)
      location = .host(host.name, port: host.port)
      usesTLS = scheme == "rediss"
      if path.count > 1, !path[1].isEmpty { database = try Self.number(path[1], in: 0...65_535) }
    case "redis+unix", "unix":
      guard body.hasPrefix("/") else { throw Self.wrong("a socket's path begins with /") }
      location = .socket(try Self.decode(body))
    case "redis+sentinel":
      let path = body.split(separator: "/", omittingEmptySubsequences: false)
      guard path.count > 1, !path[1].isEmpty else { throw Self.wrong("the name of the primary is missing: …/name") }
      var hosts: [Host] = []
      for host in path[0].split(separator: ",") { hosts.append(try Self.host(host, port: 26_379)) }
      guard !hosts.isEmpty else { throw Self.wrong("no sentinel is named") }
      location = .sentinels(hosts, name: try Self.decode(path[1]))
      confirmations = 1
      if path.count > 2, !path[2].isEmpty { database = try Self.number(path[2], in: 0...65_535) }
    default: throw Self.wrong("it does not begin with redis, rediss, redis+unix, unix or redis+sentinel")
    }
    for setting in parts.dropFirst().flatMap({ $0.split(separator: "&") }) {
      let pair = setting.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2 else { throw Self.wrong("\(pair[0]) has no value") }
      let value = try Self.decode(pair[1])
      switch pair[0] {
      case "prefix": prefix = value
      case "database", "db": database = try Self.number(pair[1], in: 0...65_535)
      case "ca": authorities = value
      case "confirm": confirmations = try Self.number(pair[1], in: 0...16)
      case "sentinel-password": sentinelPassword = value
      default: throw Self.wrong("\(pair[0]) is not a setting")
      }
    }
    // Braces would change the hash tag that keeps all keys in one slot of a cluster.
    guard !prefix.isEmpty, prefix.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x7B && $0 != 0x7D }) else {
      throw Self.wrong("the prefix must be visible ASCII characters other than braces")
    }
  }

  private static func host(_ text: Substring, port: UInt16) throws(StoreFailure) -> Host {
    var name = text
    var port = port
    if let colon = text.lastIndex(of: ":"), !text.hasSuffix("]") {
      name = text[..<colon]
      port = UInt16(try number(text[text.index(after: colon)...], in: 1...65_535))
    }
    if name.hasPrefix("["), name.hasSuffix("]") { name = name.dropFirst().dropLast() }
    return Host(name: name.isEmpty ? "127.0.0.1" : try decode(name), port: port)
  }

  private static func number(_ text: Substring, in range: ClosedRange<Int>) throws(StoreFailure) -> Int {
    guard text.utf8.areDigits, let number = Int(text), range.contains(number) else {
      throw wrong("\(text) is not a number from \(range.lowerBound) to \(range.upperBound)")
    }
    return number
  }

  private static func decode(_ text: Substring) throws(StoreFailure) -> String {
    guard let bytes = PercentEncoding.decode(text.utf8) else {
      throw wrong("a % is not followed by two hexadecimal digits")
    }
    guard !bytes.contains(0) else { throw wrong("it contains a NUL") }
    guard let decoded = String(validating: bytes, as: UTF8.self) else { throw wrong("it is not UTF-8") }
    return decoded
  }

  private static func wrong(_ reason: String) -> StoreFailure {
    StoreFailure(.unsuitable, "the address of the Redis store cannot be read: \(reason)")
  }
}

extension RedisAddress: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  /// The address without user name and password.
  public var description: String {
    switch location {
    case .host(let name, let port): "\(usesTLS ? "rediss" : "redis")://\(name):\(port)/\(database)"
    case .socket(let path): "unix:\(path)"
    case .sentinels(let hosts, let name):
      "redis+sentinel://" + hosts.map { "\($0.name):\($0.port)" }.joined(separator: ",") + "/" + name
    }
  }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["address": description]) }
}
