import FastCGI
import FastCGIClient
import Foundation
import Glibc
import Support
import Testing

@Suite struct ListeningSocketTests {
  private func status(_ path: String) -> stat {
    var status = stat()
    unsafe lstat(path, &status)
    return status
  }

  private func code(_ body: () throws -> ListeningSocket) -> String? {
    do {
      _ = try body()
      return nil
    } catch {
      return (error as? FastCGIFailure)?.code
    }
  }

  @Test(arguments: [0o660, 0o600, 0o666] as [UInt32]) func `the file has the mode that was asked for`(_ mode: UInt32)
    async throws
  {
    try await ScratchFolder.use { folder in
      let socket = try ListeningSocket(ListenAddress("unix:\(folder)/s"), mode: mode)
      #expect(status(folder + "/s").st_mode == S_IFSOCK | mode)
      #expect(socket.address?.description == "unix:\(folder)/s" && socket.port == nil)
    }
  }

  @Test func `without a word only owner and group may connect`() async throws {
    try await ScratchFolder.use { folder in
      let socket = try ListeningSocket(ListenAddress("unix:\(folder)/s"))
      #expect(status(folder + "/s").st_mode & 0o777 == 0o660)
      socket.close()
    }
  }

  @Test func `the file is given to a group`() async throws {
    // One that this user may give a file to.
    let id = getegid()
    let name = try unsafe String(cString: #require(getgrgid(id)).pointee.gr_name)
    try await ScratchFolder.use { folder in
      let socket = try ListeningSocket(ListenAddress("unix:\(folder)/s"), group: name)
      #expect(status(folder + "/s").st_gid == id)
      socket.close()
      #expect(
        code { try ListeningSocket(ListenAddress("unix:\(folder)/s"), group: "no such group") } == "listen.noSuchGroup")
      #expect(!FileManager.default.fileExists(atPath: folder + "/s"))
    }
  }

  @Test func `a stale socket is replaced, one in use is not`() async throws {
    try await ScratchFolder.use { folder in
      let address = try ListenAddress("unix:\(folder)/s")
      let first = try ListeningSocket(address)
      #expect(code { try ListeningSocket(address) } == "listen.inUse")
      // As after a crash: the file is there, and nobody listens.
      try FileManager.default.moveItem(atPath: folder + "/s", toPath: folder + "/t")
      first.close()
      try FileManager.default.moveItem(atPath: folder + "/t", toPath: folder + "/s")
      let second = try ListeningSocket(address)
      _ = try FastCGIConnection(path: folder + "/s")
      second.close()
      #expect(!FileManager.default.fileExists(atPath: folder + "/s"))
    }
  }

  @Test func `a socket whose backlog is full is in use`() async throws {
    try await ScratchFolder.use { folder in
      let address = try ListenAddress("unix:\(folder)/s")
      let socket = try ListeningSocket(address, backlog: 0)
      let waiting = try FastCGIConnection(path: folder + "/s")
      #expect(code { try ListeningSocket(address) } == "listen.inUse")
      withExtendedLifetime((socket, waiting)) {}
    }
  }

  @Test func `what is not a socket is left alone`() async throws {
    try await ScratchFolder.use { folder in
      try Data("precious".utf8).write(to: URL(fileURLWithPath: folder + "/s"))
      #expect(code { try ListeningSocket(ListenAddress("unix:\(folder)/s")) } == "listen.notASocket")
      try FileManager.default.createSymbolicLink(atPath: folder + "/l", withDestinationPath: folder + "/s")
      #expect(code { try ListeningSocket(ListenAddress("unix:\(folder)/l")) } == "listen.notASocket")
      #expect(try String(contentsOfFile: folder + "/s", encoding: .utf8) == "precious")
      #expect(code { try ListeningSocket(ListenAddress("unix:\(folder)/no/s")) } == "listen.failed")
    }
  }

  @Test func `another's file is not removed at the end`() async throws {
    try await ScratchFolder.use { folder in
      let address = try ListenAddress("unix:\(folder)/s")
      let first = try ListeningSocket(address)
      try FileManager.default.removeItem(atPath: folder + "/s")
      let second = try ListeningSocket(address)
      first.close()
      _ = try FastCGIConnection(path: folder + "/s")
      second.close()
    }
  }

  @Test(arguments: ["127.0.0.1", "[::1]"]) func `a port is chosen, and used once`(_ host: String) throws {
    let socket = try ListeningSocket(ListenAddress("\(host):0"))
    let port = try #require(socket.port)
    #expect(port > 0 && socket.address?.description == "\(host):\(port)")
    #expect(code { try ListeningSocket(ListenAddress("\(host):\(port)")) } == "listen.inUse")
    socket.close()
    socket.close()
    try ListeningSocket(ListenAddress("\(host):\(port)")).close()
  }

  @Test func `only a socket that listens and that no network reaches is taken over`() throws {
    let listening = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    #expect(code { try ListeningSocket(adopting: listening) } == "listen.notASocket")
    // Bound to all addresses by listen(2).
    listen(listening, 1)
    #expect(code { try ListeningSocket(adopting: listening) } == "listen.network")
    close(listening)
    #expect(code { try ListeningSocket(adopting: -1) } == "listen.notASocket")
  }
}
