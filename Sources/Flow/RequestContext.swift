internal import Gate
internal import Gateway
internal import Limits
internal import Tokens
internal import Verification

/// What is known about one request on its way through the flow: enough for its page and for its line in the log.
///
/// A waiting request holds this one object. An async function keeps room for everything it ever holds for as long as it waits
/// for the store or the provider, and thousands of visitors wait at once. So the functions of the flow pass this one reference on
/// (and a `SendRequest`, if a message was asked for), and what comes before and after a wait is a function of its own that is not
/// inlined (`docs/fastcgi.md`).
///
/// `@unchecked Sendable`: only the one task that answers the request reads or changes it, one step at a time.
final class RequestContext: @unchecked Sendable {
  /// A meaningless name for this request, for the log and for a page that the visitor may have to ask about.
  var reference: String
  /// The relative address of the first page, "./" or "../".
  var basePath = "./"
  /// Who sent its form; nil if it has none.
  private let sender: Client?
  /// The user whose password the web server has checked, if the site has users.
  var user: UserName?
  /// The visitor's languages, best first.
  let languages: [String]
  /// When its form arrived.
  let time: Timestamp?
  /// Whether to write no line, because the log has had enough of this kind.
  var isUnrecorded = false
  /// Whether it asks for an earlier page, at the page's own address.
  var isView = false
  /// The form in which the answer is wanted.
  let representation: Representation
  /// Whether the answer is an address at which the browser can ask for the page, more than once.
  let isAnsweredByAddress: Bool
  /// The cookie to hand out, as a whole `Set-Cookie` field.
  var newCookie: String?
  /// The client's own cookie, as a field that renews it.
  var renewedCookie: String?
  /// How a proof can travel to its browser; nil without a gate.
  var proofCarrier: ProofCarrier?
  /// The proof of a number that was verified just now.
  var proof: Proof?
  /// The proof to hand out, or the proofs to delete, as whole fields.
  var proofCookies: [String] = []
  /// The user's number in the file of users when the form was read.
  var listedNumber: PhoneNumber?
  /// The nonce that ties the attempt to its browser; nil without a gate.
  var bond: BrowserID?
  /// The same to hand out, and to take away, as its whole field.
  var bondCookie: String?
  var endOfBond: String?
  /// Whether a form was refused because the attempt began in another browser.
  var isUnbound = false
  /// What the gate sent the visitor to the form with.
  var ticket: EntryTicket?
  /// Whether the visitor wants to be remembered.
  var isRemembered = false
  /// Where the browser is sent instead of being shown a page.
  var destination: String?
  /// For the log, which masks it.
  var number: PhoneNumber?
  var pending: PendingAttempt?
  /// The request that the visitor gave up on the way to the number form.
  var givenUp: RequestID?
  /// How long the visitor is asked to wait.
  var wait: Duration?
  /// What about its form shows that no person sent it; nil if nothing does.
  var automation: Automation?
  /// Whose number a proof of its browser is about, by the name that its messages are counted under; nil without a proof
  /// that the gate takes.
  var proofSubject: CounterKey?
  /// What its form brought along to be let pass.
  var challengeReply: ChallengeReply?
  /// What came of what a widget gave its visitor; nil where that was not looked at.
  var widgetResult: WidgetResult?
  /// What its page will say.
  var arguments = OutcomeArguments()

  /// A request without a form.
  init(_ representation: Representation) {
    reference = Self.newReference()
    self.representation = representation
    sender = nil
    languages = []
    time = nil
    isAnsweredByAddress = false
  }

  /// A request with a form.
  init(
    _ representation: Representation, client: Client, languages: [String], time: Timestamp, isAnsweredByAddress: Bool
  ) {
    reference = Self.newReference()
    self.representation = representation
    sender = client
    self.languages = languages
    self.time = time
    self.isAnsweredByAddress = isAnsweredByAddress
  }

  /// Who sent the form. Only for requests with a form.
  var client: Client {
    guard let sender else { preconditionFailure("a request without a form has no client") }
    return sender
  }

  /// Who gets the page; nil if that does not matter.
  var knownClient: Client? { sender }

  /// 40 random bits: among a day's thousand failures, two are hardly ever the same.
  static func newReference() -> String {
    String(UInt64.random(in: 0..<1 << 40), radix: 32, uppercase: false)
  }
}
