internal import Curl
internal import Encoding

/// All that is asked for one guarded page.
///
/// `@unchecked Sendable`: one task has it.
final class GateExamination: @unchecked Sendable {
  struct Result: Sendable {
    let findings: [GateFinding]
    let questions: Int
  }

  private let page: GuardedPage
  private let checks: [String]
  private let visitor: GateVisitor
  private var found: [GateFinding] = []
  private var questions = 0

  init(of page: GuardedPage, checks: [String], by visitor: GateVisitor) {
    self.page = page
    self.checks = checks
    self.visitor = visitor
  }

  func findings() async -> Result {
    do throws(CurlFailure) {
      try await examine()
    } catch {
      found.append(.unreachable("\(error.kind)"))
    }
    return Result(findings: found, questions: questions)
  }

  private func ask(
    path: String? = nil, method: String = "GET", proving: GateVisitor.Proving = .nothing,
    password: GateVisitor.Password = .right, fields: [HeaderField] = []
  ) async throws(CurlFailure) -> GateVisitor.Reply {
    questions += 1
    return try await visitor.ask(
      page, path: path, method: method, proving: proving, password: password, fields: fields)
  }

  private func examine() async throws(CurlFailure) {
    let stranger = try await ask()
    let server = GateFinding.Server(stranger.fields["server"])
    if stranger.status >= 500 { return found.append(.broken(stranger.status)) }
    // A stranger has just been here, whom a cache may remember; and so are those with a proof.
    let known = try await ask(proving: .proof)
    let again = try await ask(proving: .proof)
    let after = try await ask()
    let isOpen = stranger.isYes
    if isOpen { found.append(.open(server)) }
    if !isOpen, after.isYes { found.append(.cachedYes) }
    try await judge(known, again, server)
    if !isOpen {
      try await tryForgeries()
      try await tryMethods()
      try await trySpellings()
      try await tryForm(stranger)
    }
    try await tryIdentity()
    try await tryChecks()
    try await tryPasswords(isOpen: isOpen)
  }

  /// Whether a proof opens; and if not, whether that is because of the stranger who came before.
  private func judge(
    _ known: GateVisitor.Reply, _ again: GateVisitor.Reply, _ server: GateFinding.Server
  ) async throws(CurlFailure) {
    guard isRefused(known) else { return }
    // The same with another query: for a cache that is keyed on the address it is another one.
    let fresh = try await ask(path: page.path + "?pingate-doctor=1", proving: .proof)
    let isCached = !isRefused(again) || !isRefused(fresh) || isMarkedAsCached(known)
    found.append(isCached ? .cachedNo : known.status >= 500 ? .broken(known.status) : .closed(known.status, server))
  }

  private func isMarkedAsCached(_ reply: GateVisitor.Reply) -> Bool {
    reply.fields["age"] != nil || (reply.fields["x-cache"] ?? "").lowercased().contains("hit")
  }

  /// Not a redirect of the page's own, as from a folder without its slash.
  private func isRefused(_ reply: GateVisitor.Reply) -> Bool {
    if reply.status == 303 || reply.status == 302 { return leadsToForm(reply) }
    return reply.status == 401 || reply.status == 403 || reply.status >= 500
  }

  private func leadsToForm(_ reply: GateVisitor.Reply) -> Bool {
    (reply.fields["location"] ?? "").contains("return=")
  }

  private func tryForgeries() async throws(CurlFailure) {
    let forged: [(GateVisitor.Proving, String)] = [
      (.garbage, "a broken proof"), (.otherKey, "a proof of another site's key"),
      (.unsigned, "a proof without a signature"),
      (.expired, "a proof of an hour ago"),
    ]
    for (proving, what) in forged where try await ask(proving: proving).isYes { found.append(.forged(what)) }
    if try await ask(proving: .otherPurpose).isYes { found.append(.purpose) }
    if visitor.wantsFresh, try await ask(proving: .tooOld).isYes { found.append(.age) }
    let fields = Self.identityFields.map { HeaderField($0, "doctor") }
    if try await ask(fields: fields).isYes { found.append(.forged("a field X-PinGate-…")) }
  }

  private func tryMethods() async throws(CurlFailure) {
    var open: [String] = []
    for method in ["HEAD", "PROPFIND"] where try await ask(method: method).isYes { open.append(method) }
    // Where there is a way in, they would do what they say: so they are asked of what is not there, and only if it were.
    let nothing = page.folder + "pingate-doctor-\(UInt64.random(in: .min ... .max))"
    let onlyIfThere = [HeaderField("If-Match", "\"pingate-doctor\"")]
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
      let reply = try await ask(path: nothing, method: method, fields: onlyIfThere)
      // Whoever says that it is not there, or that it is another one, has looked.
      if reply.isYes || [404, 409, 412].contains(reply.status) { open.append(method) }
    }
    if !open.isEmpty { found.append(.method(open)) }
  }

  private func trySpellings() async throws(CurlFailure) {
    var open: [String] = []
    for spelling in page.spellings where try await ask(path: spelling.path).isYes { open.append(spelling.name) }
    if !open.isEmpty { found.append(.spelling(open)) }
  }

  /// Whether a visitor who has to verify gets to the form, and the form is not guarded itself.
  private func tryForm(_ stranger: GateVisitor.Reply) async throws(CurlFailure) {
    guard leadsToForm(stranger), let path = formPath(stranger) else {
      if stranger.status == 401, stranger.fields["www-authenticate"]?.hasPrefix("Basic") == true { return }
      return found.append(.noForm(stranger.status))
    }
    let form = try await ask(path: path)
    if leadsToForm(form) { return found.append(.loop) }
    if form.status >= 500 { found.append(.broken(form.status)) }
  }

  private func formPath(_ reply: GateVisitor.Reply) -> String? {
    guard let location = reply.fields["location"] else { return nil }
    if location.hasPrefix("/") { return location }
    let rest = location.drop { $0 != ":" }.dropFirst(3)
    let path = String(rest.drop { $0 != "/" })
    return path.isEmpty ? nil : path
  }

  private static let identityFields = [
    "X-PinGate-Subject", "X_PinGate_Subject", "X-PinGate-User", "X_PinGate_User", "X-PinGate-Verified-At",
    "X_PinGate_Verified_At",
  ]

  /// What the page shows of them is what its application believes.
  private func tryIdentity() async throws(CurlFailure) {
    var believed: [String] = []
    for (index, name) in Self.identityFields.enumerated() {
      let mark = "forged-\(UInt32.random(in: .min ... .max))-\(index)"
      let reply = try await ask(proving: .proof, fields: [HeaderField(name, mark)])
      if String(decoding: reply.body, as: UTF8.self).contains(mark) { believed.append(name) }
    }
    if !believed.isEmpty { found.append(.identity(believed)) }
  }

  private func tryChecks() async throws(CurlFailure) {
    for path in checks {
      if try await ask(path: path).isYes {
        found.append(.check(path))
      } else if try await ask(path: path, proving: .proof).status == 204 {
        found.append(.reachableCheck(path))
      }
    }
    for path in ["/cgi-bin/pingate/gate", "/gate"] {
      let reply = try await ask(path: path, proving: .proof)
      if reply.isYes, reply.fields["location"] != nil { found.append(.localRedirect(path)) }
    }
  }

  private func tryPasswords(isOpen: Bool) async throws(CurlFailure) {
    guard visitor.login != nil, !isOpen else { return }
    if try await ask(proving: .proof, password: .wrong).isYes { found.append(.passwordIgnored) }
    if try await ask(proving: .proof, password: .none).isYes { found.append(.noPassword) }
    let wrong = try await ask(password: .wrong)
    if leadsToForm(wrong) || wrong.isYes { found.append(.wrongPasswordIsUser) }
    let none = try await ask(password: .none)
    if none.status != 401 || none.fields["www-authenticate"] == nil { found.append(.noChallenge) }
    let stranger = try await ask()
    if let path = formPath(stranger), leadsToForm(stranger), try await ask(path: path, password: .wrong).isYes {
      found.append(.formWithoutPassword)
    }
  }
}
