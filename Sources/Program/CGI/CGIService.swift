internal import FastCGI
internal import Glibc
internal import LibPhoneNumber
internal import Logging
internal import Threads

/// PinGate as a CGI program: one request, on one thread, then the end.
///
/// What its answer needs is secured before anything is counted or sent (`AnswerReserve`), so that once a message was asked for,
/// its page always comes. If that is impossible, a page that needs nothing says so at once (`EmergencyAnswer`).
struct CGIService {
  private let environment: [String: String]
  private let log: Logger
  private let openStore: OpenStore
  private let loop = EventLoop()

  /// - Parameter environment: the process's environment, with the request in it.
  init(environment: [String: String], openStore: @escaping OpenStore) {
    self.environment = environment
    self.openStore = openStore
    log = Log.logger(level: .info)
  }

  /// Answers the request and ends the process.
  ///
  /// - Parameters:
  ///   - isNamed: whether the web server says that this is CGI.
  ///   - hasOutput: whether standard output was open at the start.
  func run(isNamed: Bool, hasOutput: Bool) -> Never {
    ProcessSetting.prepare()
    ProcessSetting.keepMemory()
    LibPhoneNumber.useExcerpts()
    guard hasOutput, AnswerReserve.isOutputReady else { Self.endWithoutOutput(log) }
    let isForm = environment["REQUEST_METHOD"] == "POST"
    Self.secure(isForm ? .wholeForm : .wholePage, log)
    guard isNamed else {
      EmergencyAnswer.give()
      log.critical(
        "cgi.unnamed",
        metadata: ["reason": "GATEWAY_INTERFACE is missing: have the web server pass GATEWAY_INTERFACE=CGI/1.1"])
      exit(ExitStatus.configuration)
    }
    exit(loop.run { await answer(isForm: isForm) })
  }

  private static func endWithoutOutput(_ log: Logger) -> Never {
    log.critical("cgi.no_output", metadata: ["reason": "\(AnswerReserve.Shortage.output); nothing was charged or sent"])
    exit(ExitStatus.noOutput)
  }

  private static func secure(_ need: AnswerReserve.Need, _ log: Logger, hasReadBody: Bool = false) {
    do throws(AnswerReserve.Shortage) {
      try AnswerReserve.secure(need)
    } catch .output {
      // Writing there could block forever.
      endWithoutOutput(log)
    } catch {
      // The answer comes first: it is certain to need nothing.
      EmergencyAnswer.give(hasReadBody: hasReadBody)
      log.critical("cgi.shortage", metadata: ["reason": "\(error); nothing was charged or sent"])
      if case .output = error { exit(ExitStatus.noOutput) }
      exit(ExitStatus.success)
    }
  }

  private func answer(isForm: Bool) async -> CInt {
    let source = SettingsSource.ofThisProcess()
    let (environment, log) = (environment, log)
    if let response = CGIGate.response(source) {
      let program = CGIProgram(environment: environment, readsBody: false, responder: FoundResponse(response: response))
      return ended(isTaken: await program.run(on: loop))
    }
    let site =
      Service.opened(
        source, scriptName: scriptName, execution: .loop(loop), opening: .whenUsed, openStore: openStore,
        secureAnswer: { Self.secure(.restOfForm(certificates: $0), log, hasReadBody: true) },
        leave: { try DetachedCancel.leave($0, environment: environment) },
        leaveMessages: { DetachedDelivery.leave(environment: environment, log: $0) })
      ?? SiteVersion.closed(source, log: log)
    let end = CGIEnd(site.context)
    loop.onSignal(SignalListener.ending) { await end.stop() }
    let isTaken = await CGIProgram(environment: environment, responder: site.responder).run(on: loop)
    await end.answered()
    return ended(isTaken: isTaken)
  }

  private func ended(isTaken: Bool) -> CInt {
    guard isTaken else {
      log.error("cgi.not_taken", metadata: ["reason": "the web server did not take the answer"])
      return ExitStatus.noOutput
    }
    return ExitStatus.success
  }

  /// The last part of the program's path in the URL, which may differ from the file's own name.
  private var scriptName: String {
    let name = environment["SCRIPT_NAME"]?.split(separator: "/").last.map(String.init) ?? ""
    let isPlain = !name.isEmpty && name.utf8.allSatisfy(SiteSettings.isPathByte)
    return isPlain ? name : Executable.name
  }
}
