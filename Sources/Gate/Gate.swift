internal import Encoding
public import Gateway
internal import HTTPTypes
public import Tokens
public import Verification

/// Decides whether a browser may pass, by the proof in its cookie and by nothing else that a client sends.
///
/// It touches no store and asks nobody. The time is a parameter: the same question at the same time always gets the same
/// answer, however often a web server asks (nginx and Apache ask twice for a folder's index).
public struct Gate: Sendable {
  public let settings: GateSettings
  let ring: ProofRing
  let tickets: TokenSeal<EntryTicket>
  /// The path that PinGate is mounted at, as in `FlowSettings`.
  let prefix: String
  let admitted: Admitted
  private let verified = VerifiedProofs()
  private let listed: ListedSubjects
  /// How many characters a purpose can have for every proof to fit into its cookie.
  public let longestPurpose: Int
  private let troubles: Troubles
  /// Called only for an answer that has words in it: most have no body.
  let words: @Sendable () -> GateWords

  /// - Parameters:
  ///   - site: the name that tells this site apart from another one with the same keys.
  ///   - prefix: the path that PinGate is mounted at, if the web server does not split it off; empty at the root.
  ///   - admitted: who may pass; looked at for each question, so changes count at once.
  ///   - asksOnce: whether there will be only one question, so that nothing is prepared for later ones.
  ///   - words: makes the words of an answer that has any.
  ///   - tell: hears about mistakes in how the web server asks, each kind not too often.
  public init(
    _ settings: GateSettings, keyring: Keyring, site: String, prefix: String = "", admitted: Admitted = .everyNumber,
    asksOnce: Bool = false, words: @escaping @Sendable () -> GateWords = { .none },
    tell: @escaping @Sendable (GateTrouble) -> Void = { _ in }
  ) {
    self.settings = settings
    self.admitted = admitted
    self.prefix = prefix
    self.words = words
    ring = ProofRing(
      keyring, by: settings.algorithm, shared: settings.sharedKeys, site: site, issuer: settings.issuer,
      audience: settings.audience)
    tickets = TokenSeal(keyring, site: site)
    listed = ListedSubjects(isForOne: asksOnce)
    troubles = Troubles(tell)
    var isForUsers = false
    if case .users = admitted { isForUsers = true }
    guard let longest = Self.longestPurpose(ring, isForUsers: isForUsers) else {
      preconditionFailure("issuer and audience have more than \(GateSettings.longestNames) characters: no proof fits")
    }
    longestPurpose = longest
  }

  // MARK: Proofs

  /// The proof for a number that was verified just now.
  ///
  /// - Parameters:
  ///   - user: the user whose password the web server has checked; nil where there are no passwords.
  ///   - listedNumber: the user's number as the file has it; nil for the verified number.
  ///   - isRemembered: whether the visitor asked for the longer lifetime, where one is offered.
  public func proof(
    for number: PhoneNumber, of user: UserName? = nil, listedAs listedNumber: PhoneNumber? = nil,
    by delivery: Proof.Methods.Delivery, ticket: EntryTicket?, isRemembered: Bool, at now: Timestamp
  ) -> Proof {
    let life = isRemembered ? settings.rememberedLife ?? settings.life : settings.life
    let purpose = ticket?.purpose ?? ""
    return Proof(
      subject: user.map { subject(of: $0, for: purpose) } ?? ring.subject(of: number), issuedAt: now,
      expiresAt: now + life, id: user == nil ? Proof.newID() : ring.newID(for: listedNumber ?? number),
      methods: Proof.Methods(delivery, hasPassword: user != nil), purpose: purpose)
  }

  /// A proof that nobody has earned, for the owner, who has the key, to try whether the gate opens.
  ///
  /// - Parameters:
  ///   - user: the user whose password is known; nil where there are no passwords.
  ///   - age: how long ago the number is said to have been verified.
  /// - Returns: nil if the purpose is not one, or the proof cannot be signed.
  public func trialProof(
    for number: PhoneNumber, of user: UserName?, purpose: String, life: Duration, age: Duration = .zero,
    at now: Timestamp
  ) -> String? {
    guard purpose.isEmpty || Proof.isPurpose(purpose) else { return nil }
    return ring.token(
      Proof(
        subject: user.map { subject(of: $0, for: purpose) } ?? ring.subject(of: number), issuedAt: now,
        expiresAt: now + life, authenticatedAt: now + (.zero - age), id: ring.newID(for: number),
        methods: Proof.Methods(.other, hasPassword: user != nil), purpose: purpose))
  }

  // MARK: The judgement

  /// The subject of a good proof in a request, whatever its purpose and age; nil if there is none.
  public func provedSubject(in request: Request, at now: Timestamp) -> String? {
    // Each costs the time of a signature, once, whichever cookies it is in.
    var judged: [[UInt8]] = []
    for purpose in purposes(in: request).prefix(Self.mostLookedAt) {
      for candidate in candidates(in: request, for: purpose).found where !judged.contains(candidate.text) {
        guard judged.count < Self.mostCandidates else { return nil }
        judged.append(candidate.text)
        if case .good(let proof) = judge(candidate, of: request, nil, at: now) { return proof.subject }
      }
    }
    return nil
  }

  /// How many purposes' cookies are read.
  private static let mostLookedAt = 4

  func judge(_ request: Request, _ demand: Demand, at now: Timestamp) -> Judgement {
    let (found, isAny) = candidates(in: request, for: demand.purpose)
    var judgement = Judgement.refused(isAny ? .foreign : .absent)
    for candidate in found {
      let next = judge(candidate, of: request, demand, at: now)
      if case .good = next { return next }
      // What a genuine proof lacks says more than that another text is not a proof.
      if next != .refused(.foreign) { judgement = next }
    }
    return judgement
  }

  /// - Parameter demand: nil to accept any purpose and any age.
  private func judge(
    _ candidate: ProofRing.Candidate, of request: Request, _ demand: Demand?, at now: Timestamp
  ) -> Judgement {
    guard let proof = open(candidate) else { return .refused(.foreign) }
    guard now < proof.expiresAt else { return .refused(.expired) }
    guard proof.issuedAt <= now + Judgement.leeway else { return .refused(.early) }
    if let since = settings.validSince, proof.authenticatedAt < since { return .refused(.revoked) }
    if let demand, proof.purpose != demand.purpose { return .refused(.otherPurpose) }
    if let maxAge = demand?.maxAge, now - proof.authenticatedAt > maxAge { return .refused(.tooOld) }
    return admit(proof, request)
  }

  /// Whether the holder of a genuine proof is among those who may pass.
  private func admit(_ proof: Proof, _ request: Request) -> Judgement {
    switch admitted {
    case .everyNumber: return .good(proof)
    case .listed(let read):
      return listed.contains(proof.subject, read()) { ring.subject(of: $0) } ? .good(proof) : .notAllowed
    case .users(let read):
      // It must be the user whose password was checked for this very request.
      guard let user = UserName(of: request), proof.methods.hasPassword,
        proof.subject == subject(of: user, for: proof.purpose)
      else { return .refused(.otherUser) }
      guard let number = read().number(of: user) else { return .notAllowed }
      return ring.isID(proof.id, of: number) ? .good(proof) : .refused(.otherNumber)
    }
  }

  /// - Returns: what a genuine token says; nil for any other text.
  func open(_ candidate: ProofRing.Candidate) -> Proof? {
    // Checking an HMAC takes less time than looking it up.
    guard settings.algorithm == .es256 else { return ring.open(candidate)?.proof }
    let digest = ContentDigest.of(candidate.text)
    if let proof = verified.proof(digest) { return proof }
    guard let proof = ring.open(candidate)?.proof else { return nil }
    verified.add(proof, digest)
    return proof
  }

  func open(_ token: String) -> Proof? { ring.candidate(token).flatMap(open) }

  // MARK: Demands

  /// What a folder demands; nil where the demand makes no sense, and nobody may pass.
  ///
  /// - Parameter isTold: whether the owner is told about a mistake in it.
  func demand(of request: Request, path: Substring?, isTold: Bool, at now: Timestamp) -> Demand? {
    do throws(GateTrouble) {
      let demand = try Demand(request, path: path)
      guard demand.purpose.utf8.count <= longestPurpose else { throw .longPurpose(longestPurpose) }
      if isTold, let maxAge = demand.maxAge, maxAge < Self.shortAge {
        troubles.tell(.short(maxAge.components.seconds), at: now)
      }
      return demand
    } catch {
      if isTold { troubles.tell(error, at: now) }
      return nil
    }
  }

  private static let shortAge: Duration = .seconds(60)

  // MARK: Tickets

  /// Opens the ticket that a visitor was sent to the form with; nil for anything that was not sealed here.
  public func ticket(_ sealed: String) -> EntryTicket? { tickets.open(sealed) }

  /// Seals a ticket for the address of the first page; nil if there is none, or if it cannot be sealed.
  public func sealed(_ ticket: EntryTicket?) -> String? { ticket.flatMap { tickets.seal($0) } }

  /// Whether the current settings allow a visitor to be sent to a target.
  public func mayReturn(to target: String, by carrier: ProofCarrier) -> Bool {
    ReturnTarget(
      target, hosts: settings.returnHosts, isSecure: carrier.isSecure, longest: EntryTicket.longestTarget) != nil
  }

  // MARK: The browser

  /// The cookie that ties an attempt to the browser it began in, for as long as the attempt lasts: nobody can finish in one
  /// browser what was begun in another (login CSRF).
  private static let bond = HostCookie("pingate-begin")

  /// The nonce that this browser was given; nil if it sent none.
  public func bond(of request: Request) -> BrowserID? {
    Self.bond.values(in: request, atMost: BrowserID.length).lazy.compactMap { BrowserID($0) }.first
  }

  /// The `Set-Cookie` field that gives a browser its nonce.
  public func bondField(_ nonce: BrowserID, answering request: Request) -> String {
    Self.bond.field(nonce.text, life: Attempt.longestLife + .seconds(300), answering: request)
  }

  /// The `Set-Cookie` field that deletes the nonce.
  public func endOfBondField(answering request: Request) -> String {
    Self.bond.field("", life: .zero, answering: request)
  }

  /// The keys that the site's own code checks proofs with, as text; **secret** if they are shared keys (HS256).
  public var checkingTexts: [String] { ring.checkingTexts }
}

extension Request {
  /// Whether the visitor asked for this machine by a name that browsers resolve to nothing else (RFC 6761, section 6.3), so
  /// that nobody can listen on the way.
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
