internal import Gateway
internal import HTTPTypes
internal import Limits
internal import Tokens

/// Who sent a form, for counting.
struct Client: Sendable {
  let keys: VisitorKeys
  /// The browser as recognized without its cookie, which it did not have yet when it sent the first form.
  let bareBrowser: CounterKey
  /// The id that it sent, or the one that it will get.
  let browser: BrowserID
  /// Whether the form came from another site's page: browsers then send no cookie (`SameSite=Lax`), though they may
  /// have one.
  let isCrossSite: Bool
  /// Whether it sent an id.
  var hasCookie: Bool { keys.hasCookie }
  /// Whether it will get one.
  var getsCookie: Bool { !hasCookie && !isCrossSite }
  /// The tag that ties pages to it.
  var tag: [UInt8] { isCrossSite && !hasCookie ? Self.anyBrowser : browser.tag }

  /// - Parameter address: nil if it is unknown.
  init(of request: Request, at address: ClientAddress?, keys names: CounterKeys) {
    let household = address?.host ?? ""
    let (host, net) = names.address(host: household, net: address?.net ?? "")
    bareBrowser = names.browser(at: household, in: net, userAgent: request.parameters["HTTP_USER_AGENT"] ?? "")
    let brought = Self.cookie.values(in: request, atMost: BrowserID.length).lazy.compactMap { BrowserID($0) }.first
    browser = brought ?? BrowserID()
    isCrossSite = request.header(.secFetchSite) == "cross-site"
    keys = VisitorKeys(
      address: host, net: net, wideNet: address?.wideNet.map { names.wideNet($0) },
      sealedNet: address.map { names.sealed(net: $0.netBytes, named: net) } ?? 0,
      isOfOwnNetwork: address?.isOfOwnNetwork ?? true, browser: brought.map { names.browser($0) } ?? bareBrowser,
      hasCookie: brought != nil)
  }

  /// The cookie that tells browsers apart. It is not the proof of a verified number.
  private static let cookie = HostCookie("pingate-browser")

  /// The `Set-Cookie` field that hands out the cookie or renews it.
  func cookieField(answering request: Request, life: Duration) -> String {
    Self.cookie.field(browser.text, life: life, answering: request)
  }

  /// Whether this browser may send a form that was made for the browser with this tag. One that sends no cookie at all
  /// may, since it keeps none.
  func mayUse(formOf tag: [UInt8]) -> Bool {
    !hasCookie || tag == browser.tag || tag == Self.anyBrowser
  }

  /// Identifies the browser without its cookie, for the pages that a browser without cookies returns to: part of a
  /// keyed hash that tells others nothing.
  var bareTag: [UInt8] { Array(bareBrowser.bytes.suffix(BrowserID.tagLength)) }

  /// Whether a page may be shown to this browser: to the browser with the cookie it was made for or, without a cookie
  /// on either side, to a browser that looks the same and comes from the same address. Somebody who finds a page's URL
  /// in a log is neither.
  func maySee(pageOf tag: [UInt8], bare: [UInt8]) -> Bool {
    if hasCookie, tag != Self.anyBrowser { return tag == browser.tag }
    return bare == bareTag
  }

  /// The tag of a page that is made for no particular browser.
  static let anyBrowser = [UInt8](repeating: 0, count: BrowserID.tagLength)
}
