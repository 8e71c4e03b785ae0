public import Gateway
public import Tokens
internal import Verification

/// The cookies that proofs are in: one for each purpose, so that verifying for one folder ends no other folder's proof.
extension Gate {
  /// The cookie of proofs for a purpose.
  static func cookie(for purpose: String) -> HostCookie {
    purpose.isEmpty ? usual : HostCookie("\(name)-\(purpose)", prefix: .hostHTTP, plainName: "\(plainName)-\(purpose)")
  }

  /// What the cookie of proofs for a purpose is called.
  public static func cookieName(for purpose: String, isSecure: Bool) -> String {
    cookie(for: purpose).name(isSecure: isSecure)
  }

  private static let name = "pingate"
  private static let plainName = "pingate-proof"
  private static let usual = HostCookie(name, prefix: .hostHTTP, plainName: plainName)

  // MARK: Their length

  /// A cookie with its name and `=` has at most these bytes: it comes along with each request.
  public static let longestCookie = 399

  /// How long a cookie is at the most, with a subject and a purpose of so many characters.
  private static func length(_ ring: ProofRing, subject: Int, purpose: Int, hasPassword: Bool) -> Int {
    let name = usual.name(isSecure: true).utf8.count + (purpose == 0 ? 0 : 1 + purpose)
    return name + 1 + ring.tokenLength(subject: subject, purpose: purpose, hasPassword: hasPassword)
  }

  /// How many characters a purpose can have so that every proof fits into its cookie; nil where none fits at all.
  static func longestPurpose(_ ring: ProofRing, isForUsers: Bool) -> Int? {
    let subject = isForUsers ? ProofRing.userSubjectLength : ProofRing.numberSubjectLength
    return (0...Proof.longestPurpose).last {
      length(ring, subject: subject, purpose: $0, hasPassword: isForUsers) <= longestCookie
    }
  }

  /// A user's own name where it fits into the cookie, else a keyed hash of it.
  func subject(of user: UserName, for purpose: String) -> String {
    let count = user.text.utf8.count
    let fits =
      Proof.isSubject(user.text) && !user.text.hasPrefix("~")
      && Self.length(ring, subject: count, purpose: purpose.utf8.count, hasPassword: true) <= Self.longestCookie
    return fits ? user.text : ring.subject(ofUser: user.text)
  }

  // MARK: Handing out and taking away

  /// The `Set-Cookie` field with a proof; nil over plain HTTP, where a proof may not go, and when it cannot be signed or is
  /// for a purpose that was let in under other settings.
  public func field(for proof: Proof, answering request: ProofCarrier) -> String? {
    guard request.isAllowed, proof.purpose.utf8.count <= longestPurpose, let token = ring.token(proof) else {
      return nil
    }
    return Self.cookie(for: proof.purpose)
      .field(token, life: proof.expiresAt - proof.issuedAt, isSecure: request.isSecure)
  }

  /// The `Set-Cookie` fields that take this browser's proofs away: for no purpose in particular, and for each other one that
  /// came along.
  public func endingFields(answering request: Request) -> [String] {
    let carrier = carrier(of: request)
    guard carrier.isAllowed else { return [] }
    return purposes(in: request).map { Self.cookie(for: $0).field("", life: .zero, isSecure: carrier.isSecure) }
  }

  /// What this browser may have proofs for: no purpose in particular, and each other one that has a cookie.
  func purposes(in request: Request) -> [String] {
    let start = Self.usual.name(isSecure: carrier(of: request).isSecure) + "-"
    let others = Cookies(of: request)
      .endsOfNames(startingWith: start, atMost: Proof.longestPurpose, most: Self.mostPurposes)
    return [""] + others.filter(Proof.isPurpose)
  }

  /// More than a browser keeps for one site beside all else; each is a line of the answer.
  private static let mostPurposes = 32

  /// Whether a proof can be handed out in the answer to a request, and in which kind of cookie.
  public func carrier(of request: Request) -> ProofCarrier {
    ProofCarrier(isSecure: request.isSecure, mayBePlain: settings.allowsPlainHTTP || request.isForThisMachine)
  }

  /// What may be proofs for a purpose, of all that a request brought: few, because to open one costs time (forged ones in
  /// the form of a proof cost most), and nobody has more than one. A site's other hosts may have set more (RFC 6265,
  /// section 8.6), over plain HTTP.
  ///
  /// - Returns: and whether there was any text.
  func candidates(in request: Request, for purpose: String) -> (found: [ProofRing.Candidate], isAny: Bool) {
    let (cookie, cookies) = (Self.cookie(for: purpose), Cookies(of: request))
    var texts = cookies.values(of: cookie.name(isSecure: true), atMost: ProofRing.longestToken)
    if !request.isSecure, settings.allowsPlainHTTP || request.isForThisMachine {
      texts += cookies.values(of: cookie.name(isSecure: false), atMost: ProofRing.longestToken)
    }
    var found: [ProofRing.Candidate] = []
    for text in texts.prefix(Self.mostTexts) where found.count < Self.mostCandidates {
      guard let candidate = ring.candidate(text), !found.contains(where: { $0.text == candidate.text }) else {
        continue
      }
      found.append(candidate)
    }
    return (found, texts.contains { !$0.isEmpty })
  }

  private static let mostTexts = 16
  static let mostCandidates = 2
}

/// How a proof goes to the browser that a request came from.
public struct ProofCarrier: Sendable, Hashable {
  let isSecure: Bool
  let mayBePlain: Bool

  /// Whether it goes at all.
  public var isAllowed: Bool { isSecure || mayBePlain }
}
