internal import Verification

/// What is known about one request on its way through the site: enough for its page and for its line in the log.
struct Exchange: Sendable {
  /// A name for this exchange that says nothing: in the log, and on a page that the visitor may have to ask about.
  let name: String
  /// The way from this page to the site's first one, "./" or "../".
  var home = "./"
  /// The number as the visitor typed it, for the pages. Never for the log.
  var typedNumber = ""
  var number: PhoneNumber?
  var pending: Pending?
  /// The pending attempt as it was sealed.
  var token = ""
  var lifetime: PINLifetime?

  init() {
    // 40 random bits: two among a thousand failures of a day are hardly ever the same.
    name = String(UInt64.random(in: 0..<1 << 40), radix: 32, uppercase: false)
  }
}
