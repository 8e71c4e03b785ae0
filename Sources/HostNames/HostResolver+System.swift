internal import CGlibc
internal import Glibc

extension HostResolver {
  /// Asks the system (getaddrinfo(3), `NameServices`) for addresses of both families for TCP, in the order in which
  /// they should be tried.
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

  /// The same for a thread that has other work to do: a silent name server is abandoned after one second instead of the
  /// system's ten. Three silent name servers take three seconds, and as long again for each search domain of the
  /// machine. Search domains are used as in a service, so that the same settings find the same host.
  static let briefSystemLookup: Lookup = { host in
    // It fails only if out of memory or descriptors, and then the lookup fails too.
    _ = pingate_hurry_resolver()
    return systemLookup(host)
  }
}
