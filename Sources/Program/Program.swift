internal import ArgumentParser
internal import FastCGI
internal import Glibc
internal import LibPhoneNumber
public import Limits

/// The whole program: FastCGI and CGI for the web server, and commands for the owner.
public enum Program {
  /// Does what the process was started for, on the main thread, and ends the process.
  ///
  /// - Parameter store: makes the store that requests are counted in, instead of the one that the settings name; nil for that one.
  ///   The owner's commands always use the one that the settings name.
  public static func main(countingIn store: (@Sendable () -> any CounterStore)? = nil) -> Never {
    let openStore = store.map { store -> OpenStore in { _, _, _ in store() } } ?? StoreLocation.usualOpening
    let environment = ProcessEnvironment.atStart
    let hasOutput = ProcessLimits.harden()
    SystemLibraries.leaveAlone()
    guard Invocation.mayReadArguments(environment: environment, standardInput: .probe()) else {
      serve(environment, hasOutput: hasOutput, openStore)
    }
    do {
      var command = try PinGate.parseAsRoot(ProcessArguments.atStart)
      if command is Serve { serve(environment, hasOutput: hasOutput, openStore) }
      try command.run()
      PinGate.exit()
    } catch {
      PinGate.exit(withError: error)
    }
  }

  private static func serve(
    _ environment: [String: String], hasOutput: Bool, _ openStore: @escaping OpenStore
  ) -> Never {
    func mode(configured: ListenAddress?) -> Invocation.Mode {
      Invocation(
        environment: environment, configured: configured, processID: getpid(), standardInput: .probe()
      ).mode
    }
    // This is known without any settings, which take memory to read.
    if case .cgi = mode(configured: nil) {
      CGIService(environment: environment, openStore: openStore).run(isNamed: true, hasOutput: hasOutput)
    }
    var reader = SettingsReader(SettingsSource.ofThisProcess())
    let listen = ListenSettings(&reader)
    if case .unnamedCGI = mode(configured: listen.address) {
      CGIService(environment: environment, openStore: openStore).run(isNamed: false, hasOutput: hasOutput)
    }
    serve(loops: listen.threads, openStore)
  }

  /// Answers requests in tasks, while the main thread waits for signals.
  private static func serve(loops: Int, _ openStore: @escaping OpenStore) -> Never {
    // Before there is a second thread: all threads inherit the mask.
    let signals = SignalListener()
    ProcessSetting.prepare()
    if let problem = ServiceNeeds.problem(loops: loops) {
      StandardError.printWithoutWaiting("PinGate cannot serve: \(problem)")
      exit(ExitStatus.system)
    }
    Task {
      let status = await Service(wishes: signals.wishes, openStore: openStore).run(SettingsSource.ofThisProcess())
      LibPhoneNumber.prepare()  // waits for the main thread, which may be at it
      exit(status)
    }
    // This takes longest of all that the first number needs, so it is done while the rest starts.
    LibPhoneNumber.prepare()
    signals.listen()
  }
}
