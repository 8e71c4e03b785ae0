internal import ArgumentParser

/// The command line, for people at a terminal. Under a web server it is never looked at: there it is the visitor's text
/// (RFC 3875, section 4.4).
struct PinGate: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pingate",
    abstract: "A phone check for any web site: sends a PIN by text message and checks it.",
    discussion: """
      PinGate runs behind a web server, as a FastCGI or CGI program. How it was started decides which: by a socket of \
      systemd's (LISTEN_FDS), on the address in PINGATE_LISTEN, on a socket as standard input (spawn-fcgi, lighttpd), \
      or as a CGI program.

      Settings come from the environment and from the file that PINGATE_CONFIG names; without it, from pingate.conf in \
      the folder above the program's own, or from /etc/pingate/pingate.conf.
      """,
    version: Version.withNumberingPlan,
    subcommands: [
      Serve.self, CheckConfig.self, GenerateKey.self, ProofKeyCommand.self, PagesCommand.self, LimitsCommand.self,
      DoctorCommand.self,
      Forget.self,
      Deliver.self, EndRequest.self,
    ],
    defaultSubcommand: Serve.self)
}
