internal import CFastCGI
internal import Glibc
internal import Threads

/// A socket that web servers connect to: created here, or inherited from whoever started the process.
///
/// Sendable: whether it is open is under the lock.
public final class ListeningSocket: @unchecked Sendable {
  /// Where it listens, with the actual port if port 0 was asked for. Nil for an inherited Unix socket without a path.
  public let address: ListenAddress?
  let descriptor: Int32
  /// Whether it is a TCP socket.
  let isTCP: Bool
  /// Whether it was created here. If so, nobody else accepts the connections still waiting when it is closed.
  let isOwn: Bool
  private let file: SocketFile?
  private let lock = Lock()
  private var isOpen = true

  /// Creates a listening socket.
  ///
  /// - Parameters:
  ///   - mode: the permissions of a Unix socket; whoever may write to it may connect to it.
  ///   - group: the name of the group that owns a Unix socket, usually the web server's.
  ///   - backlog: how many connections may wait; the system's limit is `net.core.somaxconn`.
  public convenience init(
    _ address: ListenAddress, mode: UInt32 = 0o660, group: String? = nil, backlog: Int32 = 4_096
  ) throws(FastCGIFailure) {
    let name = SocketAddress(address)
    let kind = Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue) | Int32(SOCK_NONBLOCK.rawValue)
    let descriptor = socket(name.family, kind, 0)
    guard descriptor >= 0 else {
      throw FastCGIFailure("listen.failed", "cannot make a socket for \(address): \(SystemError.last)")
    }
    do throws(FastCGIFailure) {
      var file: SocketFile?
      if case .unix(let path) = address.location {
        file = try SocketFile.bind(descriptor, at: path, mode: mode, group: group, backlog: backlog)
      } else {
        try Self.bindPort(descriptor, name, address, backlog)
      }
      try self.init(descriptor, file: file, isOwn: true)
    } catch {
      Glibc.close(descriptor)
      throw error
    }
  }

  /// Takes over a socket that is already listening: descriptor 3 from systemd, descriptor 0 from spawn-fcgi and web
  /// servers.
  ///
  /// - Throws: `listen.notASocket`, or `listen.network` if other machines can reach it.
  public convenience init(adopting descriptor: Int32) throws(FastCGIFailure) {
    guard StandardInput.isListening(descriptor) else {
      throw FastCGIFailure("listen.notASocket", "descriptor \(descriptor) is not a socket that listens")
    }
    try self.init(descriptor, file: nil, isOwn: false)
  }

  private init(_ descriptor: Int32, file: SocketFile?, isOwn: Bool) throws(FastCGIFailure) {
    let name: SocketAddress
    do throws(SystemError) {
      name = try SocketAddress.bound(to: descriptor)
    } catch {
      throw FastCGIFailure("listen.failed", "cannot find out where descriptor \(descriptor) listens: \(error)")
    }
    address = name.listenAddress
    isTCP = name.family != AF_UNIX
    guard !isTCP || address != nil else {
      throw FastCGIFailure(
        "listen.network",
        "the inherited socket can be reached from a network, which FastCGI must not be: use a Unix socket or 127.0.0.1")
    }
    self.descriptor = descriptor
    self.isOwn = isOwn
    self.file = file
    _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
    _ = fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) | O_NONBLOCK)
  }

  deinit {
    close()
  }

  /// The TCP port, if it is a TCP socket.
  public var port: Int? {
    switch address?.location {
    case .ipv4(let port), .ipv6(let port): Int(port)
    case .unix, nil: nil
    }
  }

  /// Removes the file of a socket that was created here, so that nobody finds it any more, unless it has been replaced.
  func unlink() {
    file?.remove()
  }

  /// Stops listening. It may be called more than once.
  public func close() {
    lock.withLock {
      guard isOpen else { return }
      isOpen = false
      file?.remove()
      Glibc.close(descriptor)
    }
  }

  /// Whether a connection is waiting to be accepted.
  var hasPendingConnection: Bool {
    var listener = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
    return unsafe poll(&listener, 1, 0) == 1
  }

  /// Accepts a connection, or throws at once.
  func accept() throws(SystemError) -> Int32 {
    let connection = try SystemError.retrying {
      pingate_accept4(descriptor, nil, nil, Int32(SOCK_CLOEXEC.rawValue))
    }
    if isTCP {
      var on: Int32 = 1
      _ = unsafe setsockopt(connection, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }
    return connection
  }

  private static func bindPort(
    _ descriptor: Int32, _ name: SocketAddress, _ address: ListenAddress, _ backlog: Int32
  ) throws(FastCGIFailure) {
    // Connections of a previous process that linger in TIME_WAIT must not block the port.
    var on: Int32 = 1
    _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, socklen_t(MemoryLayout<Int32>.size))
    do throws(SystemError) {
      try name.bind(descriptor)
      guard listen(descriptor, backlog) == 0 else { throw .last }
    } catch {
      if error.number == EADDRINUSE {
        throw FastCGIFailure("listen.inUse", "\(address) is already in use by another program")
      }
      throw FastCGIFailure("listen.failed", "cannot listen on \(address): \(error)")
    }
  }
}
