internal import CCurl
internal import HostNames

/// The URL of a proxy that the owner has configured. It may contain a password, so its description does not show it.
public struct ProxyURL: Sendable, Hashable {
  let text: String
  /// The host to resolve; nil if the URL has an IP address.
  let host: Host?
  /// Whether the proxy resolves the service's name. If not (socks4, socks5), the client does.
  let looksNamesUp: Bool

  /// - Returns: nil if it is not a URL with a scheme that libcurl supports for proxies: http, https, socks4, socks4a,
  ///   socks5, socks5h.
  public init?(_ text: String) {
    guard let parts = URLParts(text, flags: CURLU_NON_SUPPORT_SCHEME), Self.schemes.contains(parts.scheme) else {
      return nil
    }
    self.text = text
    // libcurl's default port for proxies, except https ones.
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
