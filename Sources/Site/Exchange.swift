internal import Verification

/// What is known about one request on its way through the site: enough for its page and for its line in the log.
struct Exchange: Sendable {
  /// A name for this exchange that says nothing: in the log, and on a page that the visitor may have to ask about.
  let name: String
  /// The way from this page to the site's first one, "./" or "../".
  var home = "./"
  var visitor: Visitor?
  /// The cookie to hand out, as its whole field.
  var newCookie: String?
  /// The number for the pages: as it was typed while it is not known to be one, else as its owner would write it. Never
  /// for the log.
  var writtenNumber = ""
  var number: PhoneNumber?
  var pending: Pending?
  /// The pending attempt as it was sealed.
  var token = ""
  var lifetime: PINLifetime?
  /// When the next message may be asked for, in words.
  var again = ""
  /// The same as whole seconds; nil when there is nothing to wait for.
  var againSeconds: Int64?
  /// How long the visitor is asked to wait.
  var wait: Duration?
  /// How many tries are left after a wrong PIN.
  var triesLeft: Int?
  /// The countries that the site serves, for whom it matters.
  var countries = ""
  /// The request that was given up on the way to the number form.
  var givenUp: RequestID?

  init() {
    // 40 random bits: two among a thousand failures of a day are hardly ever the same.
    name = String(UInt64.random(in: 0..<1 << 40), radix: 32, uppercase: false)
  }
}
