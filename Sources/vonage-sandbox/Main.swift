internal import FastCGI
internal import FoundationEssentials
internal import Glibc
internal import VonageSandbox

/// The stand-in as a program: one FastCGI server, and each message as a line on standard output.
@main
struct Main {
  static func main() {
    let environment = ProcessInfo.processInfo.environment
    // Before there is a second thread, so that all inherit the mask.
    StopSignal.block()
    ProcessSetting.prepare()

    let standardInput = StandardInput.probe()
    if Invocation.mayReadArguments(environment: environment, standardInput: standardInput) {
      readArguments(CommandLine.arguments.dropFirst())
    }
    let configuration: Configuration
    do {
      configuration = try Configuration(environment)
    } catch {
      fail(error.problems.joined(separator: "\n"), status: ExitStatus.configuration)
    }
    let invocation = Invocation(
      environment: environment, configured: configuration.listen, processID: getpid(), standardInput: standardInput)
    do {
      serve(on: try socket(invocation), configuration)
    } catch {
      fail(error.description, status: ExitStatus.unavailable)
    }
  }

  private static func readArguments(_ arguments: ArraySlice<String>) {
    switch Array(arguments) {
    case []: return
    case ["--help"], ["-h"]:
      print(Configuration.help)
      exit(ExitStatus.success)
    default: fail("there are no arguments but --help", status: ExitStatus.usage)
    }
  }

  private static func socket(_ invocation: Invocation) throws(FastCGIFailure) -> ListeningSocket {
    switch invocation.mode {
    case .systemd: try ListeningSocket(adopting: Invocation.firstSystemdDescriptor)
    case .standardInput: try ListeningSocket(adopting: STDIN_FILENO)
    case .configured(let address): try ListeningSocket(address)
    case .cgi, .unnamedCGI:
      fail("it keeps its messages in memory, and so cannot be a CGI program", status: ExitStatus.configuration)
    case .terminal:
      fail(
        "VONAGE_SANDBOX_LISTEN is missing: where to listen, like unix:/tmp/sandbox.sock or 127.0.0.1:9001",
        status: ExitStatus.configuration)
    }
  }

  /// Serves in tasks, while the main thread waits for the signal to stop.
  private static func serve(on socket: ListeningSocket, _ configuration: Configuration) -> Never {
    let printer = MessagePrinter()
    let sandbox = Sandbox(settings: configuration.sandbox, report: { printer.print($0) })
    let server = FastCGIServer(
      socket: socket, limits: ServerLimits(body: Sandbox.longestBody), responder: sandbox,
      overloaded: { _ in Sandbox.overloaded })
    Task {
      do throws(FastCGIFailure) {
        try await server.run()
        exit(ExitStatus.success)
      } catch {
        fail(error.description, status: ExitStatus.unavailable)
      }
    }
    while true {
      StopSignal.wait()
      // The calls that are never answered must not keep it from ending.
      server.stop(within: .seconds(1))
    }
  }

  private static func fail(_ problem: String, status: CInt) -> Never {
    StandardError.print(problem)
    exit(status)
  }
}
