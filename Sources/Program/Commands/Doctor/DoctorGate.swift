internal import ArgumentParser
internal import Curl
internal import Threads
internal import Tokens

/// Asks for guarded addresses through the real web server, and says where the gate is open although it should be closed, or closed
/// to those who may pass.
struct DoctorGate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gate", abstract: "Try whether the gate is closed to strangers, through the real web server.",
    discussion: """
      Asks for each address without a proof, with forged ones, by other methods and spellings, and with a proof of its own \
      that is good for two minutes and made with the site's key. No message is sent and nothing is counted; what could change \
      something is asked of names that are not there. Give every folder \
      that has rules of its own. Prints each finding with its cure, and exits with 1 when there is one.
      """)

  @Argument(help: "Addresses of guarded pages that are there, like https://www.example.com/private/.")
  var urls: [String]

  @Option(help: "The path at which the web server itself asks PinGate (nginx, Caddy), to be tried from outside.")
  var check: [String] = ["/pingate-check", "/pingate-check-user"]

  @Option(help: "A user of the password file, where a password goes before the phone.")
  var user: String?

  @Option(help: "A file with that user's password on its first line.")
  var passwordFile: String?

  @Option(help: "What the folder wants of proofs (PINGATE_PURPOSE).")
  var purpose: String = ""

  @Option(help: "How many seconds old a verification the folder wants at the most (PINGATE_MAX_AGE).")
  var maxAge: Int?

  @Flag(help: "Ask nothing: print lines for curl, to be run where PinGate is not.")
  var curl = false

  func validate() throws {
    guard !urls.isEmpty else { throw ValidationError("name at least one address") }
    guard purpose.isEmpty || Proof.isPurpose(purpose) else {
      throw ValidationError("--purpose is a name like board, of at most 16 small letters, digits and hyphens")
    }
    guard (0...999_999_999).contains(maxAge ?? 0) else { throw ValidationError("--max-age is a number of seconds") }
    guard (user == nil) == (passwordFile == nil) else {
      throw ValidationError("--user and --password-file go together")
    }
  }

  func run() throws {
    let pages = try urls.map { text in
      do throws(ServiceURL.Problem) {
        return try GuardedPage(text)
      } catch {
        throw ValidationError("\(text) \(error.rawValue)")
      }
    }
    if curl {
      for page in pages { print(CurlLines(for: page, checks: check, purpose: purpose).text) }
      return
    }
    let settings: Settings
    let visitor: GateVisitor
    do {
      settings = try Settings(SettingsSource.ofThisProcess())
      let login = try login()
      visitor = try GateVisitor(settings, login: login, purpose: purpose, maxAge: maxAge.map { .seconds($0) })
    } catch {
      StandardError.print("\(error)")
      throw ExitCode(ExitStatus.configuration)
    }
    var found = 0
    for page in pages {
      let examination = Waiting.result { await GateExamination(of: page, checks: check, by: visitor).findings() }
      for finding in examination.findings { print("\(page.text): \(finding.name). \(finding.cure)") }
      found += examination.findings.count
      if examination.findings.isEmpty {
        print(
          "\(page.text): closed to strangers and open to a proof, as far as \(examination.questions) questions tell.")
      }
    }
    visitor.close()
    if found > 0 { throw ExitCode.failure }
  }

  private func login() throws -> GateVisitor.Login? {
    guard let user, let passwordFile else { return nil }
    do {
      let line = try SmallFile(path: passwordFile, limit: 4_096).lines().first ?? ""
      return GateVisitor.Login(user: user, password: line)
    } catch {
      throw SettingsProblem(name: passwordFile, advice: "cannot be read (\(error))")
    }
  }
}
