internal import Gateway
internal import HTTPTypes
internal import Limits
internal import Tokens

/// Who sent a form, as far as counting goes.
struct Client: Sendable {
  let keys: VisitorKeys
  /// The browser as it looks without its cookie, which it did not have yet when it sent the first form.
  let bareBrowser: CounterKey
  /// The one that it brought, or the one that it gets.
  let browser: BrowserID
  /// Whether the form came from another site's page, with which browsers send no cookie (`SameSite=Lax`): it may well have one.
  let isCrossSite: Bool
  /// Whether it brought one.
  var hasCookie: Bool { keys.hasCookie }
  /// Whether it shall get one.
  var getsCookie: Bool { !hasCookie && !isCrossSite }
  /// What the pages that are made for it carry.
  var tag: [UInt8] { isCrossSite && !hasCookie ? Self.anyBrowser : browser.tag }

  /// - Parameter address: nil when nobody knows it.
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

  /// The cookie that tells its browser from others. It is not the one that says that a number was verified.
  private static let cookie = HostCookie("pingate-browser")

  /// The `Set-Cookie` field that hands out its cookie, or makes it live longer.
  func cookieField(answering request: Request, life: Duration) -> String {
    Self.cookie.field(browser.text, life: life, answering: request)
  }

  /// Whether a form that was made for the browser with this tag may be sent by this one. A browser that brings no cookie at
  /// all keeps none, and may.
  func mayUse(formOf tag: [UInt8]) -> Bool {
    !hasCookie || tag == browser.tag || tag == Self.anyBrowser
  }

  /// The browser as it looks without its cookie, for pages that one without a cookie comes back to: a part of a keyed
  /// hash, which says nothing to others.
  var bareTag: [UInt8] { Array(bareBrowser.bytes.suffix(BrowserID.tagLength)) }

  /// Whether a page that was made for such a browser may be shown to this one: to the one with the cookie; and where
  /// there is no cookie, or the page was made without, to one that looks the same from the same address. Whoever finds
  /// an address in a log is neither.
  func maySee(pageOf tag: [UInt8], bare: [UInt8]) -> Bool {
    if hasCookie, tag != Self.anyBrowser { return tag == browser.tag }
    return bare == bareTag
  }

  /// Of a page that is made for nobody in particular.
  static let anyBrowser = [UInt8](repeating: 0, count: BrowserID.tagLength)
}
