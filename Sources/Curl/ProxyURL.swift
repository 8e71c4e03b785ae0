internal import CCurl

/// The address of a proxy that the owner has set up. It may hold a password, so it shows only what it is.
public struct ProxyURL: Sendable, Hashable {
  let text: String

  /// - Returns: nil when it is not a URL with a scheme that libcurl has proxies of: http, https, socks4, socks4a,
  ///   socks5, socks5h.
  public init?(_ text: String) {
    guard let parts = URLParts(text, flags: CURLU_NON_SUPPORT_SCHEME), Self.schemes.contains(parts.scheme) else {
      return nil
    }
    self.text = text
  }

  private static let schemes: Set<String> = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"]
}

extension ProxyURL: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  public var description: String { "a proxy" }
  public var debugDescription: String { description }
  public var customMirror: Mirror { Mirror(self, children: ["masked": description]) }
}
