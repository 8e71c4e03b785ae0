internal import Encoding
public import Gateway
internal import HTTPTypes
public import Tokens
public import Verification

/// Says whether a browser may pass: by the proof in its cookie, and by nothing else that a client sends.
///
/// It touches no store and asks nobody. What time it is is told; the same question at the same time always has the same
/// answer, however often a web server asks (nginx and Apache ask twice for a folder's index).
public struct Gate: Sendable {
  public let settings: GateSettings
  let ring: ProofRing
  let tickets: TokenSeal<EntryTicket>
  /// The path that PinGate is at, as `FlowSettings` has it.
  let prefix: String
  let admitted: Admitted
  private let verified = VerifiedProofs()
  private let listed = ListedSubjects()

  /// - Parameters:
  ///   - site: what tells this site from another one with the same keys.
  ///   - prefix: the path below which the web server passes requests on without splitting it off; empty at the root.
  ///   - admitted: who may pass, now and whenever it changes.
  public init(
    _ settings: GateSettings, keyring: Keyring, site: String, prefix: String = "", admitted: Admitted = .everyNumber
  ) {
    self.settings = settings
    self.admitted = admitted
    self.prefix = prefix
    ring = ProofRing(
      keyring, by: settings.algorithm, shared: settings.sharedKeys, site: site, issuer: settings.issuer,
      audience: settings.audience)
    tickets = TokenSeal(keyring, site: site)
  }

  // MARK: The cookie

  private static let cookie = HostCookie("pingate", prefix: .hostHTTP, plainName: "pingate-proof")

  /// What is proved when this number was verified just now.
  ///
  /// - Parameters:
  ///   - user: whose password the web server has checked before; nil where that is not asked for.
  ///   - isRemembered: whether the visitor asked for the longer life, where one is offered.
  public func proof(
    for number: PhoneNumber, of user: UserName? = nil, by delivery: Proof.Methods.Delivery, ticket: EntryTicket?,
    isRemembered: Bool, at now: Timestamp
  ) -> Proof {
    let life = isRemembered ? settings.rememberedLife ?? settings.life : settings.life
    return Proof(
      subject: user.map(subject) ?? ring.subject(of: number), issuedAt: now, expiresAt: now + life,
      methods: Proof.Methods(delivery, hasPassword: user != nil),
      purpose: ticket?.purpose ?? "")
  }

  /// The `Set-Cookie` field with a proof; nil over plain HTTP, where a proof may not go, and when it cannot be signed.
  public func field(for proof: Proof, answering request: ProofCarrier) -> String? {
    ring.token(proof).flatMap { request.field($0, life: proof.expiresAt - proof.issuedAt) }
  }

  /// A user's own name where it fits.
  func subject(of user: UserName) -> String {
    Proof.isSubject(user.text) && !user.text.hasPrefix("~") ? user.text : ring.subject(ofUser: user.text)
  }

  /// A proof that nobody has earned, for whoever has the site's key and tries whether it opens.
  ///
  /// - Parameter user: whose password is known; nil where none is asked for.
  public func trialProof(
    for number: PhoneNumber, of user: UserName?, purpose: String, life: Duration, at now: Timestamp
  ) -> String? {
    guard purpose.isEmpty || Proof.isPurpose(purpose) else { return nil }
    return ring.token(
      Proof(
        subject: user.map(subject) ?? ring.subject(of: number), issuedAt: now, expiresAt: now + life,
        methods: Proof.Methods(.other, hasPassword: user != nil), purpose: purpose))
  }

  /// The `Set-Cookie` field that takes the proof away.
  public func endingField(answering request: ProofCarrier) -> String? { request.field("", life: .zero) }

  /// Whether a proof can be handed out in the answer to a request, and in which cookie.
  public func carrier(of request: Request) -> ProofCarrier {
    ProofCarrier(
      cookie: Self.cookie, isSecure: request.isSecure, mayBePlain: settings.allowsPlainHTTP || request.isForThisMachine)
  }

  // MARK: The judgement

  func judge(_ request: Request, _ demand: Demand, at now: Timestamp) -> Judgement {
    let cookies = Cookies(of: request)
    var names = [Self.cookie.name(isSecure: true)]
    if !request.isSecure, settings.allowsPlainHTTP || request.isForThisMachine {
      names.append(Self.cookie.name(isSecure: false))
    }
    let tokens = names.flatMap { cookies.values(of: $0, atMost: ProofRing.longestToken) }
    // Of a cookie that another host of the site has set there may be several (RFC 6265, section 8.6); each costs time.
    var judgement = Judgement.refused(.absent)
    for token in tokens.prefix(Self.mostTokens) where !token.isEmpty {
      judgement = judge(token, of: request, demand, at: now)
      if case .good = judgement { break }
    }
    return judgement
  }

  private static let mostTokens = 4

  private func judge(_ token: String, of request: Request, _ demand: Demand, at now: Timestamp) -> Judgement {
    guard let proof = open(token) else { return .refused(.foreign) }
    guard now < proof.expiresAt else { return .refused(.expired) }
    guard proof.issuedAt <= now + Judgement.leeway else { return .refused(.early) }
    if let since = settings.validSince, proof.authenticatedAt < since { return .refused(.revoked) }
    guard proof.purpose == demand.purpose else { return .refused(.otherPurpose) }
    if let maxAge = demand.maxAge, now - proof.authenticatedAt > maxAge { return .refused(.tooOld) }
    return admit(proof, request)
  }

  /// Whether the one may pass who has a genuine proof.
  private func admit(_ proof: Proof, _ request: Request) -> Judgement {
    switch admitted {
    case .everyNumber: return .good(proof)
    case .listed(let read):
      let subjects = listed.subjects(of: read()) { ring.subject(of: $0) }
      return subjects.contains(proof.subject) ? .good(proof) : .notAllowed
    case .users(let read):
      // Of the user whose password was checked for this very request.
      guard let user = UserName(of: request), proof.methods.hasPassword, proof.subject == subject(of: user) else {
        return .refused(.otherUser)
      }
      return read().number(of: user) == nil ? .notAllowed : .good(proof)
    }
  }

  /// - Returns: what a genuine token says.
  func open(_ token: String) -> Proof? {
    // An HMAC is checked in less time than it is looked up.
    guard settings.algorithm == .es256 else { return ring.open(token) }
    let digest = ContentDigest.of(Array(token.utf8))
    if let proof = verified.proof(digest) { return proof }
    guard let proof = ring.open(token) else { return nil }
    verified.add(proof, digest)
    return proof
  }

  // MARK: Tickets

  /// What a visitor was sent to the form with; nil for anything that was not sealed here.
  public func ticket(_ sealed: String) -> EntryTicket? { tickets.open(sealed) }

  /// A ticket for the address of the first page; nil where there is none, or none that can be sealed.
  public func sealed(_ ticket: EntryTicket?) -> String? { ticket.flatMap { tickets.seal($0) } }

  /// Whether a visitor may be sent there by what the settings are now.
  public func mayReturn(to target: String, by carrier: ProofCarrier) -> Bool {
    ReturnTarget(
      target, hosts: settings.returnHosts, isSecure: carrier.isSecure, longest: EntryTicket.longestTarget) != nil
  }

  // MARK: The browser

  /// The cookie that ties an attempt to the browser that began it, for as long as one lasts: nobody finishes in another
  /// browser what was begun in this one, nor the reverse (login CSRF).
  private static let bond = HostCookie("pingate-begin")

  /// The nonce that a browser was given.
  public func bond(of request: Request) -> BrowserID? {
    Self.bond.values(in: request, atMost: BrowserID.length).lazy.compactMap { BrowserID($0) }.first
  }

  /// The `Set-Cookie` field that hands a nonce out.
  public func bondField(_ nonce: BrowserID, answering request: Request) -> String {
    Self.bond.field(nonce.text, life: Attempt.longestLife + .seconds(300), answering: request)
  }

  /// The `Set-Cookie` field that takes it away.
  public func endOfBondField(answering request: Request) -> String {
    Self.bond.field("", life: .zero, answering: request)
  }

  /// How many proofs are kept for sites' own code to check with: `Proof` texts, **secret** where they are shared ones.
  public var checkingTexts: [String] { ring.checkingTexts }
}

/// How a proof goes to the browser that a request came from.
public struct ProofCarrier: Sendable, Hashable {
  let cookie: HostCookie
  let isSecure: Bool
  let mayBePlain: Bool

  /// Whether it goes at all.
  public var isAllowed: Bool { isSecure || mayBePlain }

  func field(_ value: String, life: Duration) -> String? {
    isAllowed ? cookie.field(value, life: life, isSecure: isSecure) : nil
  }
}

extension Request {
  /// Whether its visitor asked for this machine itself, by a name that browsers take for nothing else
  /// (RFC 6761, section 6.3): nobody listens on the way.
  var isForThisMachine: Bool {
    guard let host = host?.lowercased() else { return false }
    let name: Substring
    if host.hasPrefix("[") {
      name = host.prefix { $0 != "]" }.dropFirst()
    } else {
      name = host.prefix { $0 != ":" }
    }
    return name == "localhost" || name.hasSuffix(".localhost") || name == "127.0.0.1" || name == "::1"
  }
}
