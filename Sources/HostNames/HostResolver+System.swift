internal import CGlibc
internal import Glibc

extension HostResolver {
  /// Asks the system (getaddrinfo(3), `NameServices`): addresses of both families for TCP, in the order in which they
  /// are best tried.
  public static let systemLookup: Lookup = { host in
    var hints = unsafe addrinfo()
    unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
    var found: UnsafeMutablePointer<addrinfo>?
    let result = unsafe getaddrinfo(host.name, "\(host.port)", &hints, &found)
    guard result == 0 else {
      return .failure(HostFailure("\(host.name): " + (unsafe String(cString: gai_strerror(result)))))
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

  /// The same, for a thread that has something else to do: a silent name server is given up after a second, where the
  /// system would ask it for ten. With three of them, none of which answers, it takes three seconds, and as long again where
  /// the machine has domains to look below. These are asked as for a service: the same settings find the same host.
  static let briefSystemLookup: Lookup = { host in
    // Fails without memory or descriptors only, and then what follows does too.
    _ = pingate_hurry_resolver()
    return systemLookup(host)
  }
}
