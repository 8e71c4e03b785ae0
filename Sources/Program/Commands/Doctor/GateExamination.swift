internal import Curl
internal import Encoding

/// The examination of one guarded page.
///
/// `@unchecked Sendable`: it belongs to one task.
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
    // A cache may remember the stranger who was just here, or the visitors with a proof.
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
      try await tryEndings(server)
      try await tryForm(stranger)
    }
    try await tryIdentity()
    try await tryChecks()
    try await tryPasswords(isOpen: isOpen)
  }

  /// Whether a proof opens the page; and if not, whether that is because of the stranger who came before.
  private func judge(
    _ known: GateVisitor.Reply, _ again: GateVisitor.Reply, _ server: GateFinding.Server
  ) async throws(CurlFailure) {
    guard isRefused(known) else { return }
    // The same page with another query, which is a different one for a cache that is keyed on the address.
    let fresh = try await ask(path: page.path + "?pingate-doctor=1", proving: .proof)
    let isCached = !isRefused(again) || !isRefused(fresh) || isMarkedAsCached(known)
    found.append(isCached ? .cachedNo : known.status >= 500 ? .broken(known.status) : .closed(known.status, server))
  }

  private func isMarkedAsCached(_ reply: GateVisitor.Reply) -> Bool {
    reply.fields["age"] != nil || (reply.fields["x-cache"] ?? "").lowercased().contains("hit")
  }

  /// Whether the gate refuses; a redirect of the page's own, as for a folder without its slash, is not a refusal.
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
    // If the folder is open, these methods would do what they say: so they are sent for a name that does not exist, and on the
    // condition that it does.
    let nothing = page.folder + "pingate-doctor-\(UInt64.random(in: .min ... .max))"
    let onlyIfThere = [HeaderField("If-Match", "\"pingate-doctor\"")]
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
      let reply = try await ask(path: nothing, method: method, fields: onlyIfThere)
      // A server that says that there is no such file, or that it is a different one, has looked.
      if reply.isYes || [404, 409, 412].contains(reply.status) { open.append(method) }
    }
    if !open.isEmpty { found.append(.method(open)) }
  }

  private func trySpellings() async throws(CurlFailure) {
    var open: [String] = []
    for spelling in page.spellings where try await ask(path: spelling.path).isYes { open.append(spelling.name) }
    if !open.isEmpty { found.append(.spelling(open)) }
  }

  /// Whether the folder is also guarded for the names of programs, pictures, and the like: the site may have rules of its own for
  /// those, which take the place of the gate's.
  private func tryEndings(_ server: GateFinding.Server) async throws(CurlFailure) {
    var open: [String] = []
    for ending in Self.endings {
      let nothing = page.folder + "pingate-doctor-\(UInt64.random(in: .min ... .max))"
      let reply = try await ask(path: nothing + ending)
      // There is no such file. A server that says so has looked for it.
      var isOpen = reply.isYes || reply.status == 404 || reply.status == 410
      if reply.status >= 500 {
        // It fails for every name, as when it is too busy; or only for this ending, whose program it has started.
        let plain = try await ask(path: nothing)
        guard plain.status < 500 else {
          found.append(.broken(plain.status))
          break
        }
        isOpen = isRefused(plain)
      }
      if isOpen { open.append(ending) }
    }
    if !open.isEmpty { found.append(.ending(open, server)) }
  }

  /// The endings that site owners write rules for.
  private static let endings = [
    ".php", ".cgi", ".fcgi", ".pl", ".py", ".rb", ".lua", ".html", ".js", ".css", ".png", ".jpg", ".pdf",
  ]

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

  /// If the page shows any of them, its application believes them.
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
