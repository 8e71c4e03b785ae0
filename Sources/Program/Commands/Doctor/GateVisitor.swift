internal import Crypto
internal import Curl
internal import Encoding
internal import Gate
internal import Glibc
internal import Tokens
internal import Verification

/// Asks for guarded pages, with or without a proof and a password, or with forged ones.
struct GateVisitor: Sendable {
  struct Login: Sendable {
    let user: String
    let password: String
  }

  /// What comes back, in so far as it matters.
  struct Reply: Sendable {
    let status: Int
    let body: [UInt8]
    /// Header field lines, by their names in lower case.
    let fields: [String: String]

    /// Whether it lets a visitor see something.
    var isYes: Bool { (200..<300).contains(status) || status == 304 }
  }

  /// What is sent as a proof.
  enum Proving: Sendable, CaseIterable {
    case nothing, proof, garbage, otherKey, unsigned, expired
    /// Genuine, but for another purpose than the page's, or too old.
    case otherPurpose, tooOld
  }

  enum Password: Sendable { case none, right, wrong }

  let login: Login?
  private let client: Client
  /// The text of each proof, and the purposes in whose cookies it is sent.
  private let proofs: [Proving: (token: String, purposes: [String])]
  let wantsFresh: Bool

  /// - Parameters:
  ///   - purpose: the purpose that the pages demand; empty for none.
  ///   - maxAge: how old a verification the pages accept; nil for any age.
  init(_ settings: Settings, login: Login?, purpose: String, maxAge: Duration?) throws {
    guard let gate = settings.site.gate else {
      throw SettingsProblem(name: SettingName.gate.rawValue, advice: "is not on: there is no gate to look at")
    }
    var configuration = settings.process.client
    configuration.timeout = .seconds(10)
    client = try Client(configuration)
    self.login = login
    wantsFresh = maxAge != nil
    let now = Timestamp(secondsSinceEpoch: Int64(time(nil)))
    let user = login.flatMap { UserName($0.user) }
    if case .users = settings.site.admitted, user == nil {
      throw SettingsProblem(
        name: SettingName.users.rawValue, advice: "is set: name a user of the file with --user and --password-file")
    }
    let number = Self.number(settings.site.admitted, of: user)
    let otherPurpose = purpose.isEmpty ? "doctor" : ""
    func token(
      _ keyring: Keyring = settings.site.keyring, for purpose: String = purpose, age: Duration = .zero,
      from start: Timestamp
    ) -> String {
      Gate(gate, keyring: keyring, site: settings.site.identity)
        .trialProof(for: number, of: user, purpose: purpose, life: Self.life, age: age, at: start) ?? ""
    }
    let good = token(from: now)
    let other = Keyring([SymmetricKey(size: .bits256)]).map { token($0, from: now) } ?? ""
    proofs = [
      .proof: (good, [purpose]), .garbage: ("x" + good.dropFirst(), [purpose]), .otherKey: (other, [purpose]),
      .unsigned: (Self.unsigned(good), [purpose]), .expired: (token(from: now + .seconds(-3_600)), [purpose]),
      .otherPurpose: (token(for: otherPurpose, from: now), [purpose, otherPurpose]),
      .tooOld: (token(age: (maxAge ?? .zero) + .seconds(60), from: now), [purpose]),
    ]
  }

  /// A number that may pass.
  private static func number(_ settings: AdmittedSettings, of user: UserName?) -> PhoneNumber {
    // Without a file that can be read nobody passes, and that is what is asked about.
    switch try? AdmittedFile.once(settings, for: user) {
    case .everyNumber, nil: break
    case .listed(let read): if let number = read().numbers.first { return number }
    case .users(let read): if let number = user.flatMap({ read().number(of: $0) }) { return number }
    }
    guard let nobodys = PhoneNumber(e164: "99900000000") else { preconditionFailure("11 digits are a number") }
    return nobodys
  }

  private static let life: Duration = .seconds(120)

  /// The same claims with `"alg":"none"` and without a signature (RFC 7519, section 6).
  private static func unsigned(_ token: String) -> String {
    let claims = token.split(separator: ".", omittingEmptySubsequences: false)
    return Base64URL.encode(Array(#"{"alg":"none","typ":"JWT"}"#.utf8)) + "." + (claims.count > 1 ? claims[1] : "")
      + "."
  }

  func close() { client.close() }

  /// - Parameter path: the request target, sent as it is; nil for the page's own.
  func ask(
    _ page: GuardedPage, path: String? = nil, method: String = "GET", proving: Proving = .nothing,
    password: Password = .right, fields more: [HeaderField] = []
  ) async throws(CurlFailure) -> Reply {
    var fields =
      [
        HeaderField("Accept", "text/html,*/*;q=0.8"), HeaderField("Sec-Fetch-Mode", "navigate"),
        HeaderField("Cache-Control", "max-age=0"),
      ] + more
    if let (token, purposes) = proofs[proving], !token.isEmpty {
      let pairs = purposes.map { "\(Gate.cookieName(for: $0, isSecure: page.isSecure))=\(token)" }
      fields.append(HeaderField("Cookie", pairs.joined(separator: "; ")))
    }
    if let login, password != .none {
      let secret = password == .right ? login.password : Self.wrongPassword
      fields.append(
        HeaderField("Authorization", "Basic " + Base64.encode(Array("\(login.user):\(secret)".utf8))))
    }
    let kind: Request.Method = method == "POST" ? .post(Self.form) : method == "GET" ? .get : .other(method)
    let answer = try await client.send(
      Request(kind, page.origin, isRepeatable: true, fields: fields, target: path ?? page.path, wantsHead: true))
    return Reply(status: answer.status, body: answer.body, fields: answer.head)
  }

  private static let wrongPassword = "not-the-password"

  private static let form: FormBody = {
    var form = FormBody()
    form.append("pingate", "doctor")
    return form
  }()
}
