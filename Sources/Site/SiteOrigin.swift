internal import Gateway
internal import HTTPTypes

/// Says whether a POST came from one of the site's own pages: the defence against forms on other sites that would
/// spend the owner's money with a visitor's browser.
///
/// Browsers that send `Sec-Fetch-Site` are believed (Fetch Metadata, W3C); else `Origin`, else `Referer`, must name the
/// host that the request was sent to. A request with none of the three is not from a browser of this decade, which
/// sends `Origin` with every POST: a program has no visitor's session to misuse, so it is let in.
struct SiteOrigin: Sendable {
  /// Other origins whose pages may hold the form, "https://www.example.com", in lower case.
  let allowed: Set<String>

  func admits(_ request: Request) -> Bool {
    if let origin = single(.origin, of: request), case .value(let text) = origin, allowed.contains(text.lowercased()) {
      return true
    }
    if let fetchSite = single(.secFetchSite, of: request) {
      return fetchSite == .value("same-origin") || fetchSite == .value("none")
    }
    if let origin = single(.origin, of: request) {
      return isOwn(origin, of: request)
    }
    if let referer = single(.referer, of: request) {
      return isOwn(referer, of: request)
    }
    return true
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
    guard case .value(let url) = header, let theirs = Self.authority(ofURL: url) else { return false }
    return theirs == Self.ownAuthority(of: request)
  }

  /// Host and port of an `http` or `https` URL, the scheme's own port left out, in lower case.
  private static func authority(ofURL url: String) -> String? {
    let url = url.lowercased()
    guard let separator = url.firstRange(of: "://") else { return nil }
    let scheme = url[..<separator.lowerBound]
    guard scheme == "http" || scheme == "https" else { return nil }
    let authority = url[separator.upperBound...].prefix { !"/?#".contains($0) }
    guard !authority.isEmpty else { return nil }
    return withoutDefaultPort(String(authority))
  }

  private static func ownAuthority(of request: Request) -> String? {
    guard request.hasHeader(.requestHost) else { return nil }
    return request.header(.requestHost).map { withoutDefaultPort($0.lowercased()) }
  }

  // The web server may have ended TLS for us, so that we cannot know the scheme: both default ports count as none.
  private static func withoutDefaultPort(_ authority: String) -> String {
    for port in [":80", ":443"] where authority.hasSuffix(port) {
      return String(authority.dropLast(port.count))
    }
    return authority
  }
}
