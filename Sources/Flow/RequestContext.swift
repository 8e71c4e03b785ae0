internal import Gate
internal import Gateway
internal import Tokens
internal import Verification

/// What is known about one request on its way through the flow: enough for its page and for its line in the log.
///
/// What waits holds one object. Each async function has room for all that it ever holds, for as long as it waits for the
/// store or the provider, and thousands of visitors wait at once: so the functions of the flow hand on this one reference
/// (and a `SendRequest`, where a message was asked for), and what comes before and after a waiting is a function of its own
/// that is not inlined (`docs/fastcgi.md`).
///
/// `@unchecked Sendable`: only the one task that answers the request reads or changes it, one step after the other.
final class RequestContext: @unchecked Sendable {
  /// A name for this request that says nothing: in the log, and on a page that the visitor may have to ask about.
  var reference: String
  /// The way from this page to the site's first one, "./" or "../".
  var basePath = "./"
  /// Whose page its form was; nil where it has none.
  private let sender: Client?
  /// Whose password the web server has checked, where that is asked for.
  var user: UserName?
  /// Best first.
  let languages: [String]
  /// When its form came.
  let time: Timestamp?
  /// Whether the log has had enough lines of its kind.
  var isUnrecorded = false
  /// Whether it asks for a page that was answered before, at its own address.
  var isView = false
  /// In which form the answer is wanted.
  let representation: Representation
  /// Whether the answer is an address at which a browser asks for the page, and can again.
  let isAnsweredByAddress: Bool
  /// The cookie to hand out, as its whole field.
  var newCookie: String?
  /// The cookie that the client has, as a field that makes it live longer.
  var renewedCookie: String?
  /// How a proof goes to its browser; nil where there are none.
  var proofCarrier: ProofCarrier?
  /// What was proved.
  var proof: Proof?
  /// The proof to hand out, or those to take away, as whole fields.
  var proofCookies: [String] = []
  /// The number of the user as the file of users had it when the form was read.
  var listedNumber: PhoneNumber?
  /// The nonce that ties the attempt to its browser; nil without a gate, and where none was brought.
  var bond: BrowserID?
  /// The same to hand out, and to take away, as its whole field.
  var bondCookie: String?
  var endOfBond: String?
  /// Whether a form was refused because its browser is not the one that began.
  var isUnbound = false
  /// What the visitor was sent to the form with.
  var ticket: EntryTicket?
  /// Whether the visitor wants to be remembered.
  var isRemembered = false
  /// Where the browser goes on instead of being shown a page.
  var destination: String?
  /// For the log, which masks it.
  var number: PhoneNumber?
  var pending: PendingAttempt?
  /// The request that was given up on the way to the number form.
  var givenUp: RequestID?
  /// How long the visitor is asked to wait.
  var wait: Duration?
  /// By what its form shows that no person sent it; nil where it does not.
  var automation: Automation?
  /// Whether its browser has a proof that the gate takes.
  var hasProof = false
  /// What its form brought along to be let pass.
  var challengeReply: ChallengeReply?
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

  /// Who sent the form. What works on forms has one.
  var client: Client {
    guard let sender else { preconditionFailure("a request without a form has no client") }
    return sender
  }

  /// Who gets the page; nil where that does not matter.
  var knownClient: Client? { sender }

  /// 40 random bits: two among a thousand failures of a day are hardly ever the same.
  static func newReference() -> String {
    String(UInt64.random(in: 0..<1 << 40), radix: 32, uppercase: false)
  }
}
