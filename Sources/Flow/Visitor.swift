internal import Gateway
internal import HTTPTypes
internal import Limits
internal import Tokens

/// Who sent a form, as far as counting goes.
struct Visitor: Sendable {
  let keys: VisitorKeys
  /// The browser as it looks without its cookie, which it did not have yet when it sent the first form.
  let bareBrowser: CounterKey
  /// The one that it brought, or the one that it gets.
  let cookie: BrowserCookie
  /// Whether the form came from another site's page, with which browsers send no cookie (`SameSite=Lax`): it may well have one.
  let isCrossSite: Bool
  /// Whether it brought one.
  var hasCookie: Bool { keys.hasCookie }
  /// Whether it shall get one.
  var getsCookie: Bool { !hasCookie && !isCrossSite }
  /// What the pages that are made for it carry.
  var tag: [UInt8] { isCrossSite && !hasCookie ? Self.anyBrowser : cookie.tag }

  /// - Parameter address: nil when nobody knows it.
  init(of request: Request, at address: ClientAddress?, keys names: CounterKeys) {
    let (host, net) = address.map { names.address($0) } ?? names.unknownAddress
    bareBrowser = names.browser(at: address, in: net, userAgent: request.parameters["HTTP_USER_AGENT"] ?? "")
    let brought = BrowserCookie(of: request)
    cookie = brought ?? BrowserCookie()
    isCrossSite = request.header(.secFetchSite) == "cross-site"
    keys = VisitorKeys(
      address: host, net: net, browser: brought.map { names.browser($0) } ?? bareBrowser, hasCookie: brought != nil)
  }

  /// Whether a form that was made for the browser with this tag may be sent by this one. A browser that brings no cookie at
  /// all keeps none, and may.
  func mayUse(formOf tag: [UInt8]) -> Bool {
    !hasCookie || tag == cookie.tag || tag == Self.anyBrowser
  }

  /// The browser as it looks without its cookie, for pages that one without a cookie comes back to: a part of a keyed
  /// hash, which says nothing to others.
  var bareTag: [UInt8] { Array(bareBrowser.bytes.suffix(BrowserCookie.tagLength)) }

  /// Whether a page that was made for such a browser may be shown to this one: to the one with the cookie; and where
  /// there is no cookie, or the page was made without, to one that looks the same from the same address. Whoever finds
  /// an address in a log is neither.
  func maySee(pageOf tag: [UInt8], bare: [UInt8]) -> Bool {
    if hasCookie, tag != Self.anyBrowser { return tag == cookie.tag }
    return bare == bareTag
  }

  /// Of a page that is made for nobody in particular.
  static let anyBrowser = [UInt8](repeating: 0, count: BrowserCookie.tagLength)
}
