public import Gateway
public import Tokens
internal import Verification

/// The cookies that hold proofs: one for each purpose, so that verifying for one folder ends no other folder's proof.
extension Gate {
  /// The cookie of proofs for a purpose.
  static func cookie(for purpose: String) -> HostCookie {
    purpose.isEmpty ? usual : HostCookie("\(name)-\(purpose)", prefix: .hostHTTP, plainName: "\(plainName)-\(purpose)")
  }

  /// The name of the cookie that holds proofs for a purpose.
  public static func cookieName(for purpose: String, isSecure: Bool) -> String {
    cookie(for: purpose).name(isSecure: isSecure)
  }

  private static let name = "pingate"
  private static let plainName = "pingate-proof"
  private static let usual = HostCookie(name, prefix: .hostHTTP, plainName: plainName)

  // MARK: Length

  /// The most bytes that a cookie has, with its name and `=`: the browser sends it with each request.
  public static let longestCookie = 399

  /// The most bytes that a cookie can have with a subject and a purpose of these lengths, in characters.
  private static func length(_ ring: ProofRing, subject: Int, purpose: Int, hasPassword: Bool) -> Int {
    let name = usual.name(isSecure: true).utf8.count + (purpose == 0 ? 0 : 1 + purpose)
    return name + 1 + ring.tokenLength(subject: subject, purpose: purpose, hasPassword: hasPassword)
  }

  /// How many characters a purpose can have for every proof to fit into its cookie; nil if no proof fits even without one.
  static func longestPurpose(_ ring: ProofRing, isForUsers: Bool) -> Int? {
    let subject = isForUsers ? ProofRing.userSubjectLength : ProofRing.numberSubjectLength
    return (0...Proof.longestPurpose).last {
      length(ring, subject: subject, purpose: $0, hasPassword: isForUsers) <= longestCookie
    }
  }

  /// A user's own name if it fits into the cookie, else a keyed hash of it.
  func subject(of user: UserName, for purpose: String) -> String {
    let count = user.text.utf8.count
    let fits =
      Proof.isSubject(user.text) && !user.text.hasPrefix("~")
      && Self.length(ring, subject: count, purpose: purpose.utf8.count, hasPassword: true) <= Self.longestCookie
    return fits ? user.text : ring.subject(ofUser: user.text)
  }

  // MARK: Setting and deleting

  /// The `Set-Cookie` field with a proof.
  ///
  /// - Returns: nil over plain HTTP where a proof may not travel; if it cannot be signed; and if its purpose, which was
  ///   accepted under other settings, is too long now.
  public func field(for proof: Proof, answering request: ProofCarrier) -> String? {
    guard request.isAllowed, proof.purpose.utf8.count <= longestPurpose, let token = ring.token(proof) else {
      return nil
    }
    return Self.cookie(for: proof.purpose)
      .field(token, life: proof.expiresAt - proof.issuedAt, isSecure: request.isSecure)
  }

  /// The `Set-Cookie` fields that delete this browser's proofs: the one without a purpose, and each other one that it sent.
  public func endingFields(answering request: Request) -> [String] {
    let carrier = carrier(of: request)
    guard carrier.isAllowed else { return [] }
    return purposes(in: request).map { Self.cookie(for: $0).field("", life: .zero, isSecure: carrier.isSecure) }
  }

  /// The purposes that this browser may have proofs for: the empty one, and each one that it sent a cookie for.
  func purposes(in request: Request) -> [String] {
    let start = Self.usual.name(isSecure: carrier(of: request).isSecure) + "-"
    let others = Cookies(of: request)
      .endsOfNames(startingWith: start, atMost: Proof.longestPurpose, limit: Self.mostPurposes)
    return [""] + others.filter(Proof.isPurpose)
  }

  /// More than any browser keeps for one site besides everything else; each one makes a line in the answer.
  private static let mostPurposes = 32

  /// Whether the answer to a request can carry a proof, and in which kind of cookie.
  public func carrier(of request: Request) -> ProofCarrier {
    ProofCarrier(isSecure: request.isSecure, mayBePlain: settings.allowsPlainHTTP || request.isForThisMachine)
  }

  /// The texts in a request that could be proofs for a purpose. There are few, because opening one takes time (most of all a
  /// forged one that has the form of a proof), and nobody has more than one. A site's other hosts may have set more over plain
  /// HTTP (RFC 6265, section 8.6).
  ///
  /// - Returns: at most `mostCandidates`; and whether any such cookie had text in it.
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

/// How a proof can travel to the browser that sent a request.
public struct ProofCarrier: Sendable, Hashable {
  let isSecure: Bool
  let mayBePlain: Bool

  /// Whether it may travel at all.
  public var isAllowed: Bool { isSecure || mayBePlain }
}
