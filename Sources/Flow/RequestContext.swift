internal import Gate
internal import Gateway
internal import Limits
internal import Tokens
internal import Verification

/// What is known about one request on its way through the flow: enough for its page and its log line.
///
/// A waiting request holds this single object. An async function's frame keeps room for everything the function ever
/// holds, for as long as it waits for the store or the provider, and thousands of visitors wait at once. So the
/// functions of the flow pass along this one reference (and a `SendRequest`, if a message was requested), and what
/// comes before and after a wait is a separate function that is not inlined (`docs/fastcgi.md`).
///
/// `@unchecked Sendable`: only the task that answers the request reads or changes it, one step at a time.
final class RequestContext: @unchecked Sendable {
  /// A random name for this request, for the log and for a page that the visitor may have to ask about.
  var reference: String
  /// The relative URL of the first page, "./" or "../".
  var basePath = "./"
  /// Who sent its form; nil if it has none.
  private let sender: Client?
  /// The user whose password the web server has checked, if the site has users.
  var user: UserName?
  /// The visitor's languages, best first.
  let languages: [String]
  /// When its form arrived.
  let time: Timestamp?
  /// Whether to skip the log line, because the log has enough of this kind.
  var isUnrecorded = false
  /// Whether it asks for an earlier page at that page's own URL.
  var isView = false
  /// The format of the response.
  let representation: Representation
  /// Whether the response is a URL at which the browser can ask for the page, more than once.
  let isAnsweredByAddress: Bool
  /// The cookie to set, as a whole `Set-Cookie` field.
  var newCookie: String?
  /// The field that renews the client's own cookie.
  var renewedCookie: String?
  /// How a proof can travel to its browser; nil without a gate.
  var proofCarrier: ProofCarrier?
  /// The proof of a number that was just verified.
  var proof: Proof?
  /// The proof to set, or the proofs to delete, as whole fields.
  var proofCookies: [String] = []
  /// The user's number in the file of users when the form was read.
  var listedNumber: PhoneNumber?
  /// The nonce that ties the attempt to its browser; nil without a gate.
  var bond: BrowserID?
  /// The field that sets it, and the field that deletes it.
  var bondCookie: String?
  var endOfBond: String?
  /// Whether a form was refused because the attempt began in another browser.
  var isUnbound = false
  /// What the gate passed to the form.
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
  /// The sign in its form that no person sent it; nil if there is none.
  var automation: Automation?
  /// The counter key of the number that its browser's proof is about; nil without a proof that the gate accepts.
  var proofSubject: CounterKey?
  /// The challenge answer that came with its form.
  var challengeReply: ChallengeReply?
  /// What the third party says of that; nil where it was not asked.
  var widgetFinding: WidgetFinding?
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
