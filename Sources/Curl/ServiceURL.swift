internal import Encoding
internal import Glibc
internal import HostNames

/// The URL of an API: https, or http to this machine itself, where nobody can listen in.
///
/// It contains no credentials, no query and no fragment, so it may appear in a log.
public struct ServiceURL: Sendable, Hashable {
  /// The whole URL, as passed to libcurl.
  public let text: String
  /// Whether it uses TLS.
  public let isSecure: Bool
  /// Whether its host is literally `localhost`, `[::1]` or in 127.0.0.0/8 (RFC 6761, section 6.3; RFC 1122, section
  /// 3.2.1.3). libcurl never looks up `localhost` in the DNS.
  public let isLoopback: Bool
  /// The host to resolve; nil if the URL has an IP address.
  let host: Host?

  /// Why a text is not such a URL, in words for the owner.
  public enum Problem: String, Error, Sendable, Hashable {
    case malformed = "is not a URL like https://api.nexmo.com"
    case wrongScheme = "must begin with https://"
    case plainText = "must begin with https:// (http:// is for 127.0.0.1, [::1] and localhost only)"
    case credentials = "must not hold a user name or a password"
    case queryOrFragment = "must not hold a ? or a #"
  }

  public init(_ text: String) throws(Problem) {
    guard let parts = URLParts(text) else { throw .malformed }
    guard !parts.hasCredentials else { throw .credentials }
    guard !parts.hasQueryOrFragment else { throw .queryOrFragment }
    isLoopback = Self.isLoopback(parts.host)
    host = parts.hostToLookUp(defaultPort: 443)
    switch parts.scheme {
    case "https": isSecure = true
    case "http" where isLoopback: isSecure = false
    case "http": throw .plainText
    default: throw .wrongScheme
    }
    self.text = parts.text
  }

  private init(text: String, of url: ServiceURL) {
    self.text = text
    isSecure = url.isSecure
    isLoopback = url.isLoopback
    host = url.host
  }

  /// The URL with path segments appended. Each is percent-encoded, so none can break out of its segment.
  ///
  /// - Precondition: no segment is empty, `.` or `..`.
  public func appending(_ segments: String...) -> ServiceURL {
    var bytes = Array(text.utf8)
    for segment in segments {
      precondition(!segment.isEmpty && segment != "." && segment != "..")
      if bytes.last != UInt8(ascii: "/") { bytes.append(UInt8(ascii: "/")) }
      for byte in segment.utf8 {
        bytes += byte.isUnreserved ? [byte] : PercentEncoding.encode(byte)
      }
    }
    return ServiceURL(text: String(decoding: bytes, as: UTF8.self), of: self)
  }

  private static func isLoopback(_ host: String) -> Bool {
    if host == "localhost" || host == "[::1]" { return true }
    var address = in_addr()
    return unsafe inet_pton(AF_INET, host, &address) == 1 && UInt32(bigEndian: address.s_addr) >> 24 == 127
  }
}

extension ServiceURL: CustomStringConvertible {
  public var description: String { text }
}
