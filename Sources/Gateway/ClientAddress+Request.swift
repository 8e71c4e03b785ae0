internal import Encoding

extension ClientAddress {
  /// Who sent a request, and a reason for doubt about that.
  public struct Reading: Hashable, Sendable {
    /// Nil if the web server named no address.
    public let address: ClientAddress?
    /// Why many visitors may count as one; nil if everything is as it should be.
    public let doubt: Doubt?
  }

  /// A problem with the setup of the web server, or of a proxy in front of it, that makes visitors share the limits of
  /// one address.
  public enum Doubt: String, CaseIterable, Sendable {
    case missing = "no_address"
    case unixSocket = "unix_socket"
    case unreadable = "unreadable_address"
    case nobodyForwarded = "not_forwarded"
    case unreadableForwarded = "unreadable_forwarded"
    case unnamedProxy = "unnamed_proxy"

    /// What is wrong and what to do about it.
    public var advice: String {
      switch self {
      case .missing:
        "the web server passes no REMOTE_ADDR, so all visitors count as one; pass it (nginx: include fastcgi_params)"
      case .unixSocket:
        "the web server is reached through a Unix socket and sees no addresses, so all visitors count as one; if a proxy of "
          + "yours is at its other end, add unix: to PINGATE_TRUSTED_PROXIES, or let the web server read its header"
      case .unreadable:
        "REMOTE_ADDR is not an address, so all visitors count as one"
      case .nobodyForwarded:
        "a proxy in PINGATE_TRUSTED_PROXIES sends no X-Forwarded-For; requests from it without it count as one visitor's"
      case .unreadableForwarded:
        "a proxy in PINGATE_TRUSTED_PROXIES writes no address into X-Forwarded-For; requests from it without one count as "
          + "one visitor's"
      case .unnamedProxy:
        "requests come through a proxy in your own network, so all its visitors count as one; if it is yours, name it in "
          + "PINGATE_TRUSTED_PROXIES"
      }
    }
  }

  /// Who sent a request: the web server's peer (`REMOTE_ADDR`), or the address that a trusted proxy in front of it names.
  ///
  /// `X-Forwarded-For` is read from its end, which the nearest proxy wrote, for as long as the writer of an entry is in
  /// `proxies`: everything before that is the visitor's own text. Empty entries do not count (RFC 9110, section 5.6.1). If an
  /// entry cannot be read ("unknown", an obfuscated name), nobody knows whether what comes before it is the visitor's, so the
  /// entry's writer counts as the visitor.
  ///
  /// An address may be quoted, and may have a port ("192.0.2.1:4711", "[2001:db8::1]:4711") or a zone ("fe80::1%eth0").
  public static func read(from request: Request, behind proxies: [TrustedProxy]) -> Reading {
    let text = request.parameters["REMOTE_ADDR"] ?? ""
    var address = ClientAddress(written: text)
    if address == nil {
      guard isUnixSocket(text) else { return Reading(address: nil, doubt: .unreadable) }
      guard proxies.contains(.unixSocket) else {
        return Reading(address: nil, doubt: text.isEmpty ? .missing : .unixSocket)
      }
    }
    func isTrusted(_ address: ClientAddress?) -> Bool {
      guard let address else { return true }
      return proxies.contains { $0.contains(address) }
    }
    // Repeated header lines are one list, in order (RFC 9110, section 5.3).
    var hops = request.parameters.values(of: "HTTP_X_FORWARDED_FOR").flatMap { $0.split(separator: ",") }
    hops.removeAll { $0.allSatisfy(isBlank) }
    guard isTrusted(address) else {
      let isProxy = !hops.isEmpty && address?.isOfOwnNetwork == true
      return Reading(address: address, doubt: isProxy ? .unnamedProxy : nil)
    }
    if hops.isEmpty { return Reading(address: address, doubt: .nobodyForwarded) }
    while isTrusted(address), let hop = hops.popLast() {
      guard let next = ClientAddress(written: hop) else {
        return Reading(address: address, doubt: .unreadableForwarded)
      }
      address = next
    }
    return Reading(address: address, doubt: nil)
  }

  /// What web servers say for a peer without an address: nothing, nginx's "unix:", a path, or an abstract name.
  private static func isUnixSocket(_ text: String) -> Bool {
    text.allSatisfy(isBlank) || text.hasPrefix("unix:") || text.hasPrefix("/") || text.hasPrefix("@")
  }

  /// Parses an address in the formats that web servers and proxies use.
  private init?(written text: some StringProtocol) {
    var text = Self.trimmed(Substring(text))
    if text.count >= 2, text.first == "\"", text.last == "\"" { text = Self.trimmed(text.dropFirst().dropLast()) }
    if text.first == "[" {
      guard let end = text.firstIndex(of: "]"), Self.isPort(text[text.index(after: end)...]) else { return nil }
      text = text[text.index(after: text.startIndex)..<end]
    } else if let colon = text.firstIndex(of: ":"), text.contains("."), text.lastIndex(of: ":") == colon {
      guard Self.isPort(text[colon...]) else { return nil }
      text = text[..<colon]
    }
    if text.contains(":"), let zone = text.firstIndex(of: "%") { text = text[..<zone] }
    self.init(String(text))
  }

  private static func trimmed(_ text: Substring) -> Substring {
    var text = text.drop(while: isBlank)
    while let last = text.last, isBlank(last) { text.removeLast() }
    return text
  }

  private static func isBlank(_ character: Character) -> Bool { character == " " || character == "\t" }

  /// Whether the text is empty, or a colon and a port, which need not be a number (RFC 7239, section 6.3): it says
  /// nothing about who the visitor is.
  private static func isPort(_ text: Substring) -> Bool {
    guard let first = text.utf8.first else { return true }
    return first == UInt8(ascii: ":")
      && text.utf8.dropFirst().allSatisfy { byte in
        byte.isLetterOrDigit || byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-") || byte == UInt8(ascii: ".")
      }
  }
}
