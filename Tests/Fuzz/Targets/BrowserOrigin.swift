internal import Gateway

@testable internal import Flow

extension FuzzTarget {
  /// `Origin`, `Referer`, `Sec-Fetch-Site` and `Host`, a line each: a form of a page elsewhere never passes for one of ours.
  static let browserOrigin = FuzzTarget(name: "browser-origin") { input in
    let lines = input.lines
    guard lines.count == 4 else { return }
    let names = ["HTTP_ORIGIN", "HTTP_REFERER", "HTTP_SEC_FETCH_SITE", "HTTP_HOST"]
    let request = Request(parameters: Parameters(zip(names, lines).map { (name: $0, value: $1) }), body: .bytes([]))
    let finding = SiteOrigin(allowed: []).finding(request)
    let (origin, referer, site, host) = (lines[0], lines[1], lines[2], lines[3])
    if !site.isEmpty {
      try require((finding == .own) == (site == "same-origin" || site == "none"), "Sec-Fetch-Site: \(site)")
    } else if finding == .own, let page = [origin, referer].first(where: { !$0.isEmpty }) {
      // The host stands in the page's address, behind the scheme.
      let name = host.lowercased().prefix { $0 != ":" }
      let rest = page.lowercased().split(separator: "://", maxSplits: 1, omittingEmptySubsequences: false).last ?? ""
      try require(rest.hasPrefix(name), "\(page) for a page of \(host)")
    }
    _ = SiteOrigin.details(of: request)
  }
}
