import Foundation
import Support

/// A real redis-server of a test's own on a Unix socket, or on a port that was free; gone with it, and with the test
/// process: a shell between the two kills it once its standard input is closed.
final class RedisServer: @unchecked Sendable {
  // Sendable because it is changed by `init`, `start` and `stop` only, which a test calls one after the other.
  let folder: String
  let port: Int
  private let settings: [String]
  private var shell: ChildProcess?
  private var identifier: pid_t = 0

  var socket: String { folder + "/redis.sock" }

  /// - Parameters:
  ///   - settings: as on the command line.
  ///   - port: 0 for none but the socket.
  ///   - file: the text of a configuration file, for a sentinel, which keeps its state in it.
  init(_ settings: [String] = [], port: Int = 0, file: String? = nil) throws {
    self.port = port
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("redis-\(UUID().uuidString.prefix(8))").path
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: false)
    var settings =
      ["--unixsocket", folder + "/redis.sock", "--port", "\(port)", "--dir", folder, "--logfile", folder + "/log"]
      + settings
    if let file {
      try file.write(toFile: folder + "/conf", atomically: false, encoding: .utf8)
      settings = [folder + "/conf"] + settings + ["--sentinel"]
    } else {
      settings += ["--save", "", "--appendonly", "no"]
    }
    self.settings = settings
    try start()
  }

  deinit {
    stop()
    try? FileManager.default.removeItem(atPath: folder)  // what is left behind in /tmp harms nobody
  }

  /// Starts it and waits until it answers.
  func start() throws {
    let script = #""$@" >/dev/null 2>&1 </dev/null & echo $!; exec 1>&-; read -r line; kill -9 $!; rm -rf "$0""#
    let shell = try ChildProcess(
      "/bin/sh", ["-c", script, folder, "/usr/bin/redis-server"] + settings, hasLeash: true)
    identifier = pid_t(shell.readAll()) ?? 0
    self.shell = shell
    // It answers some milliseconds later; there is nothing else to wait for.
    for _ in 0..<5000 {
      if try command("PING") == "PONG" { return }
      usleep(2000)
    }
    throw CocoaError(.executableNotLoadable)
  }

  /// Kills it.
  func stop() {
    if identifier > 0 { kill(identifier, SIGKILL) }
    shell?.kill()
    shell = nil
    identifier = 0
  }

  func pause() { if identifier > 0 { kill(identifier, SIGSTOP) } }
  func resume() { if identifier > 0 { kill(identifier, SIGCONT) } }

  @discardableResult
  func command(_ words: String...) throws -> String {
    try ChildProcess.run("/usr/bin/redis-cli", ["-s", socket] + words)
  }

  /// A port that nobody has now.
  ///
  /// - Parameter limit: a node of a cluster takes the one 10,000 above too.
  static func freePort(below limit: Int = 65_536) -> Int {
    while true {
      let port = anyFreePort()
      if port < limit { return port }
    }
  }

  private static func anyFreePort() -> Int {
    let file = Foundation.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(file) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    return unsafe withUnsafeMutablePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe bind(file, address, size)
        unsafe getsockname(file, address, &size)
      }
      return unsafe Int(UInt16(bigEndian: pointer.pointee.sin_port))
    }
  }
}
