internal import ArgumentParser
internal import FastCGI
internal import Glibc
internal import LibPhoneNumber

@main
struct Main {
  static func main() {
    let environment = ProcessEnvironment.atStart
    ProcessLimits.harden()
    SystemLibraries.leaveAlone()
    guard Invocation.mayReadArguments(environment: environment, standardInput: .probe()) else {
      serve(environment)
    }
    do {
      var command = try PinGate.parseAsRoot(ProcessArguments.atStart)
      if command is Serve { serve(environment) }
      try command.run()
    } catch {
      PinGate.exit(withError: error)
    }
  }

  /// Answers requests in tasks, while the main thread waits for signals.
  private static func serve(_ environment: [String: String]) -> Never {
    // Before there is a second thread: all inherit the mask.
    let signals = SignalListener()
    ProcessSetting.prepare()
    // A CGI program's; nil for one that lives on.
    let method = environment["REQUEST_METHOD"]
    if method != nil { ProcessSetting.takeMemoryInLargePieces() }
    let readsNumbers = method == nil || method == "POST"
    Task {
      let status = await Service(wishes: signals.wishes).run(SettingsSource.ofThisProcess())
      if readsNumbers { LibPhoneNumber.prepare() }  // waits for the main thread, which may be at it
      exit(status)
    }
    // What takes longest of all that the first number waits for, done beside the rest.
    if readsNumbers { LibPhoneNumber.prepare() }
    signals.listen()
  }
}
