internal import ArgumentParser
internal import FastCGI
internal import Glibc

@main
struct Main {
  static func main() {
    let environment = ProcessEnvironment.atStart
    ProcessLimits.harden()
    guard Invocation.mayReadArguments(environment: environment, standardInput: .probe()) else {
      serve()
    }
    do {
      var command = try PinGate.parseAsRoot()
      if command is Serve { serve() }
      try command.run()
    } catch {
      PinGate.exit(withError: error)
    }
  }

  /// Answers requests in tasks, while the main thread waits for signals.
  private static func serve() -> Never {
    // Before there is a second thread: all inherit the mask.
    let signals = SignalListener()
    ProcessSetting.prepare()
    Task {
      exit(await Service(wishes: signals.wishes).run(SettingsSource.ofThisProcess()))
    }
    signals.listen()
  }
}
