internal import CCurl
internal import HostNames

/// The address of a proxy that the owner has set up. It may hold a password, so it shows only what it is.
public struct ProxyURL: Sendable, Hashable {
  let text: String
  /// Whose name has to be looked up; nil when it has an address at once.
  let host: Host?
  /// Whether it is told the service's name. Else (socks4, socks5) the client looks that up.
  let looksNamesUp: Bool

  /// - Returns: nil when it is not a URL with a scheme that libcurl has proxies of: http, https, socks4, socks4a,
  ///   socks5, socks5h.
  public init?(_ text: String) {
    guard let parts = URLParts(text, flags: CURLU_NON_SUPPORT_SCHEME), Self.schemes.contains(parts.scheme) else {
      return nil
    }
    self.text = text
    // libcurl's port of proxies, but for https.
    host = parts.hostToLookUp(defaultPort: parts.scheme == "https" ? 443 : 1_080)
    looksNamesUp = !["socks4", "socks5"].contains(parts.scheme)
  }

  private static let schemes: Set<String> = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
}

extension ProxyURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "a proxy" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
