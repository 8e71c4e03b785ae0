/// Whose word is taken for who a visitor is: a proxy in front of the web server.
public enum TrustedProxy: Hashable, Sendable {
  case range(AddressRange)
  /// Whoever the web server is connected to by a Unix socket, and has no address: "unix:".
  case unixSocket

  /// Reads an address, a range of them (`AddressRange`), or `unix:`, as nginx's `set_real_ip_from` has it.
  public init?(_ text: String) {
    if text == "unix:" {
      self = .unixSocket
    } else if let range = AddressRange(text) {
      self = .range(range)
    } else {
      return nil
    }
  }

  func contains(_ address: ClientAddress) -> Bool {
    switch self {
    case .range(let range): range.contains(address)
    case .unixSocket: false
    }
  }
}
