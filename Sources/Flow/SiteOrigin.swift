internal import Gateway
internal import HTTPTypes
internal import Logging

/// Decides whether a POST came from one of the site's own pages: the defense against forms on other sites that would
/// spend the owner's money through a visitor's browser.
///
/// Browsers that send `Sec-Fetch-Site` are trusted (Fetch Metadata, W3C); otherwise `Origin`, or else `Referer`, must
/// name the host that the request was sent to. A request with none of the three does not come from a browser of this
/// decade, which would send `Origin` with every POST: it is a program, which has no visitor's session to misuse, so it
/// is accepted.
struct SiteOrigin: Sendable {
  /// Other origins whose pages may have the form, "https://www.example.com", in lowercase.
  let allowed: Set<String>

  enum Finding: Equatable {
    case own
    case foreign
    /// The browser withholds it: `Origin: null`, as for a form on a page with `Referrer-Policy: no-referrer`, in a
    /// sandboxed frame, or on a page without an address (Fetch, section 3.2). It cannot be told apart from a foreign
    /// form.
    case hidden
  }

  func finding(_ request: Request) -> Finding {
    let origin = single(.origin, of: request)
    if case .value(let text) = origin, allowed.contains(text.lowercased()) { return .own }
    if let fetchSite = single(.secFetchSite, of: request) {
      return fetchSite == .value("same-origin") || fetchSite == .value("none") ? .own : .foreign
    }
    if origin == .value("null") { return .hidden }
    guard let page = origin ?? single(.referer, of: request) else { return .own }
    return isOwn(page, of: request) ? .own : .foreign
  }

  private enum Single: Equatable {
    case value(String)
    /// It came more than once, with different values.
    case contradictory
  }

  private func single(_ name: HTTPField.Name, of request: Request) -> Single? {
    guard request.hasHeader(name) else { return nil }
    return request.header(name).map { .value($0) } ?? .contradictory
  }

  private func isOwn(_ header: Single, of request: Request) -> Bool {
    guard case .value(let url) = header, let theirs = Self.authority(ofURL: url), let host = request.host?.lowercased()
    else { return false }
    if theirs == Self.withoutDefaultPort(host) { return true }
    // Debian's fastcgi_params passes the host without its port; then the web server's own port is the one that the
    // visitor used.
    guard let port = request.serverPort, !Self.hasPort(host) else { return false }
    return theirs == "\(host):\(port)"
  }

  /// The host and port of an `http` or `https` URL, in lowercase, without the scheme's default port.
  private static func authority(ofURL url: String) -> String? {
    let url = url.lowercased()
    guard let separator = url.firstRange(of: "://") else { return nil }
    let scheme = url[..<separator.lowerBound]
    guard scheme == "http" || scheme == "https" else { return nil }
    let authority = url[separator.upperBound...].prefix { !"/?#".contains($0) }
    guard !authority.isEmpty else { return nil }
    return withoutDefaultPort(String(authority))
  }

  /// Whether a host is followed by a port; the colons of an IPv6 address are in brackets.
  private static func hasPort(_ host: String) -> Bool {
    host.split(separator: "]", omittingEmptySubsequences: false).last?.contains(":") == true
  }

  // The web server may have terminated TLS, so the scheme is unknown: both default ports count as none.
  private static func withoutDefaultPort(_ authority: String) -> String {
    for port in [":80", ":443"] where authority.hasSuffix(port) {
      return String(authority.dropLast(port.count))
    }
    return authority
  }
}

extension SiteOrigin {
  /// What was compared, for the log: hostile text, truncated. Of a referrer only the origin, because its path is
  /// private.
  static func details(of request: Request) -> Logger.Metadata {
    var details: Logger.Metadata = ["host": "\(short(request.host ?? "-"))"]
    let headers: [(String, HTTPField.Name)] = [
      ("origin", .origin), ("referer", .referer), ("fetch-site", .secFetchSite),
    ]
    for (key, name) in headers where request.hasHeader(name) {
      details[key] = "\(request.header(name).map { short(origin(ofURL: $0)) } ?? "contradictory")"
    }
    return details
  }

  private static func origin(ofURL url: String) -> Substring {
    guard let separator = url.firstRange(of: "://") else { return url.prefix { !"/?#".contains($0) } }
    return url[..<separator.upperBound] + url[separator.upperBound...].prefix { !"/?#".contains($0) }
  }

  private static func short(_ text: some StringProtocol) -> String {
    text.unicodeScalars.count > longest
      ? String(String.UnicodeScalarView(text.unicodeScalars.prefix(longest))) + "…" : String(text)
  }

  /// No host name is longer than 253 characters (RFC 1035, section 2.3.4), and few are longer than this.
  private static let longest = 100
}

extension HTTPField.Name {
  static let secFetchMode = constant("Sec-Fetch-Mode")
  static let secFetchSite = constant("Sec-Fetch-Site")

  private static func constant(_ name: String) -> HTTPField.Name {
    guard let name = HTTPField.Name(name) else { preconditionFailure("\(name) is not a field name") }
    return name
  }
}
