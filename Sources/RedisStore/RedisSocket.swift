internal import CHiredis
internal import Glibc
internal import HostNames
internal import Limits

/// A connected, non-blocking socket on which every wait ends at a deadline. It is confined to one thread.
@safe
final class RedisSocket {
  private let file: CInt
  /// Nil for plain TCP and Unix sockets.
  private var session: OpaquePointer?

  /// - Parameter addresses: the host's addresses.
  init(_ host: Host, at addresses: [Address], until deadline: ContinuousClock.Instant) throws(StoreFailure) {
    var failure = StoreFailure(.unavailable, "\(host.name) has no address")
    for (index, address) in addresses.enumerated() {
      let now = ContinuousClock.now
      // A silent address leaves the others their share of the time.
      let share = max(.zero, now.duration(to: deadline)) / (addresses.count - index)
      do throws(StoreFailure) {
        file = try Self.connect(address, "\(host.name):\(host.port)", now + share)
        return
      } catch {
        failure = error
      }
    }
    throw failure
  }

  init(path: String, until deadline: ContinuousClock.Instant) throws(StoreFailure) {
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    let bytes = Array(path.utf8)
    guard bytes.count < MemoryLayout.size(ofValue: address.sun_path) else {
      throw StoreFailure(.unsuitable, "the socket's path is too long: \(path)")
    }
    unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: bytes) }
    let size = socklen_t(MemoryLayout<sockaddr_un>.size)
    let connected: Result<CInt, StoreFailure> = unsafe withUnsafePointer(to: &address) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        do throws(StoreFailure) {
          return .success(try unsafe Self.connect(AF_UNIX, address, size, path, deadline))
        } catch {
          return .failure(error)
        }
      }
    }
    file = try connected.get()
  }

  deinit {
    if let session = unsafe session { unsafe SSL_free(session) }
    close(file)
  }

  /// Switches to TLS (1.2 or newer), with a certificate for this name from a trusted authority.
  func startTLS(name: String, authorities: String?, until deadline: ContinuousClock.Instant) throws(StoreFailure) {
    guard let context = unsafe SSL_CTX_new(TLS_client_method()) else {
      throw StoreFailure(.unavailable, "SSL_CTX_new failed")
    }
    defer { unsafe SSL_CTX_free(context) }
    unsafe SSL_CTX_set_verify(context, SSL_VERIFY_PEER, nil)
    let trusts: CInt =
      if let authorities {
        unsafe SSL_CTX_load_verify_locations(context, authorities, nil)
      } else {
        unsafe SSL_CTX_set_default_verify_paths(context)
      }
    guard unsafe pingate_ssl_require_tls12(context) == 1, trusts == 1, let session = unsafe SSL_new(context) else {
      throw StoreFailure(
        .unsuitable, "the certificates to trust cannot be read" + (authorities.map { ": " + $0 } ?? ""))
    }
    unsafe self.session = session
    var octets = in6_addr()
    let isAddress = unsafe inet_pton(AF_INET, name, &octets) == 1 || inet_pton(AF_INET6, name, &octets) == 1
    let named: Bool =
      if isAddress {
        unsafe X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(session), name) == 1
      } else {
        unsafe SSL_set1_host(session, name) == 1 && pingate_ssl_set_server_name(session, name) == 1
      }
    guard named, unsafe SSL_set_fd(session, file) == 1 else { throw StoreFailure(.unavailable, "TLS cannot be set up") }
    while true {
      let result = unsafe SSL_connect(session)
      if result == 1 { return }
      let verdict = unsafe SSL_get_verify_result(session)
      guard verdict == Int(X509_V_OK) else {
        throw StoreFailure(
          .notPermitted, "TLS: \(name): " + (unsafe String(cString: X509_verify_cert_error_string(verdict))))
      }
      try wait(forTLS: result, "TLS handshake", deadline)
    }
  }

  /// Whether nothing has arrived unasked and the peer has not closed the connection.
  var isQuiet: Bool {
    if let session = unsafe session, unsafe SSL_pending(session) > 0 { return false }
    var poll = pollfd(fd: file, events: Int16(POLLIN), revents: 0)
    return unsafe Glibc.poll(&poll, 1, 0) == 0
  }

  func write(_ bytes: [UInt8], until deadline: ContinuousClock.Instant) throws(StoreFailure) {
    var done = 0
    while done < bytes.count {
      let count = bytes.count - done
      let written: Int = unsafe bytes.withUnsafeBytes { buffer in
        let start = unsafe buffer.baseAddress! + done
        if let session = unsafe session { return unsafe Int(SSL_write(session, start, CInt(min(count, 1 << 20)))) }
        return unsafe send(file, start, count, CInt(MSG_NOSIGNAL))
      }
      if written > 0 { done += written } else { try wait(after: written, POLLOUT, "write", deadline) }
    }
  }

  /// Reads what has arrived; waits for at least one byte.
  ///
  /// - Returns: the number of bytes.
  func read(into buffer: inout [UInt8], until deadline: ContinuousClock.Instant) throws(StoreFailure) -> Int {
    while true {
      let count: Int =
        if let session = unsafe session {
          unsafe Int(SSL_read(session, &buffer, CInt(buffer.count)))
        } else {
          unsafe recv(file, &buffer, buffer.count, 0)
        }
      if count > 0 { return count }
      try wait(after: count, POLLIN, "read", deadline)
    }
  }

  private func wait(
    after result: Int, _ event: CInt, _ act: String, _ deadline: ContinuousClock.Instant
  ) throws(StoreFailure) {
    if unsafe session != nil { return try wait(forTLS: CInt(result), act, deadline) }
    let reason = errno
    guard result < 0 else { throw StoreFailure(.unavailable, "\(act): Redis closed the connection") }
    guard reason == EAGAIN || reason == EINTR else { throw Self.failure(act, reason) }
    try Self.wait(file, event, act, deadline)
  }

  private func wait(forTLS result: CInt, _ act: String, _ deadline: ContinuousClock.Instant) throws(StoreFailure) {
    let reason = unsafe SSL_get_error(session, result)
    ERR_clear_error()
    switch reason {
    case SSL_ERROR_WANT_READ: try Self.wait(file, POLLIN, act, deadline)
    case SSL_ERROR_WANT_WRITE: try Self.wait(file, POLLOUT, act, deadline)
    default: throw StoreFailure(.unavailable, "\(act): TLS failed (\(reason))")
    }
  }

  private static func connect(
    _ address: Address, _ name: String, _ deadline: ContinuousClock.Instant
  ) throws(StoreFailure) -> CInt {
    let connected: Result<CInt, StoreFailure> = unsafe address.bytes.withUnsafeBytes { bytes in
      guard let address = bytes.baseAddress else { return .failure(StoreFailure(.unavailable, "no address")) }
      do throws(StoreFailure) {
        return .success(
          try unsafe Self.connect(
            CInt(address.loadUnaligned(as: sa_family_t.self)), address.assumingMemoryBound(to: sockaddr.self),
            socklen_t(bytes.count), name, deadline))
      } catch {
        return .failure(error)
      }
    }
    return try connected.get()
  }

  private static func connect(
    _ family: CInt, _ address: UnsafePointer<sockaddr>, _ size: socklen_t, _ name: String,
    _ deadline: ContinuousClock.Instant
  ) throws(StoreFailure) -> CInt {
    let kind = CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
    let file = socket(family, kind, 0)
    guard file >= 0 else { throw failure("socket", errno) }
    var isConnected = false
    defer { if !isConnected { close(file) } }
    if unsafe Glibc.connect(file, address, size) != 0 {
      let reason = errno
      guard reason == EINPROGRESS || reason == EINTR else { throw failure("connect to \(name)", reason) }
      try wait(file, POLLOUT, "connect to \(name)", deadline)
      var error: CInt = 0
      var length = socklen_t(MemoryLayout<CInt>.size)
      guard unsafe getsockopt(file, SOL_SOCKET, SO_ERROR, &error, &length) == 0, error == 0 else {
        throw failure("connect to \(name)", error)
      }
    }
    if family != AF_UNIX {
      var on: CInt = 1
      // Lower latency, and dead peers are detected sooner. The connection works without, so failures are ignored.
      _ = unsafe setsockopt(file, CInt(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<CInt>.size))
      _ = unsafe setsockopt(file, SOL_SOCKET, SO_KEEPALIVE, &on, socklen_t(MemoryLayout<CInt>.size))
    }
    isConnected = true
    return file
  }

  private static func wait(
    _ file: CInt, _ event: CInt, _ act: String, _ deadline: ContinuousClock.Instant
  ) throws(StoreFailure) {
    while true {
      let rest = ContinuousClock.now.duration(to: deadline)
      guard rest > .zero else { throw StoreFailure(.unavailable, "\(act): timed out") }
      var poll = pollfd(fd: file, events: Int16(event), revents: 0)
      let result = unsafe Glibc.poll(&poll, 1, CInt(clamping: rest.milliseconds))
      if result > 0 { return }
      guard result == 0 || errno == EINTR else { throw failure(act, errno) }
    }
  }

  private static func failure(_ act: String, _ reason: CInt) -> StoreFailure {
    StoreFailure(
      reason == EACCES ? .notPermitted : .unavailable, "\(act): " + (unsafe String(cString: strerror(reason))))
  }
}
