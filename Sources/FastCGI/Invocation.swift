/// How the process was started, and so what it is: decided by its environment and descriptor 0 alone.
public struct Invocation: Sendable, Hashable {
  /// What the process was started as.
  public enum Way: Sendable, Hashable {
    /// By systemd's socket activation: so many sockets, from descriptor 3 on (sd_listen_fds(3)).
    case systemd(sockets: Int)
    /// As a CGI program: one request, then the end.
    case cgi
    /// As a CGI program, by a web server or a configuration of it that keeps back `GATEWAY_INTERFACE`, by which a CGI
    /// program knows that its arguments are a visitor's (RFC 3875, sections 4.1.4 and 4.4).
    case unnamedCGI
    /// With an address of its own to listen on.
    case configured(ListenAddress)
    /// By spawn-fcgi, lighttpd or mod_fcgid, with descriptor 0 a socket that listens.
    case standardInput
    /// By a person or a script, and with nothing to serve.
    case terminal
  }

  /// The first of systemd's descriptors (`SD_LISTEN_FDS_START`).
  public static let firstSystemdDescriptor: Int32 = 3

  /// The way that was found.
  public let way: Way

  /// Whether the arguments come from whoever started the process on purpose.
  ///
  /// Under a web server they do not: a query string without "=" becomes arguments of a CGI program (RFC 3875, section
  /// 4.4), so that they are a visitor's text. This is known before there is any configuration.
  public static func mayReadArguments(environment: [String: String], standardInput: StandardInput) -> Bool {
    !["GATEWAY_INTERFACE", "REQUEST_METHOD"].contains { isSet($0, environment) } && standardInput != .listeningSocket
  }

  /// Decides by what comes first: systemd, CGI, the configuration, descriptor 0, what else only CGI has.
  ///
  /// - Parameters:
  ///   - environment: the environment of the process. A web server puts a visitor's headers into it under names that
  ///     begin with `HTTP_`, of which none is looked at.
  ///   - configured: the address in the configuration, if there is one.
  ///   - processID: this process's.
  public init(
    environment: [String: String], configured: ListenAddress?, processID: Int32, standardInput: StandardInput
  ) {
    if let sockets = Self.systemdSockets(environment, processID) {
      way = .systemd(sockets: sockets)
    } else if Self.isSet("GATEWAY_INTERFACE", environment), standardInput != .listeningSocket {
      way = .cgi
    } else if let configured {
      way = .configured(configured)
    } else if standardInput == .listeningSocket {
      way = .standardInput
    } else if Self.isSet("REQUEST_METHOD", environment) {
      way = .unnamedCGI
    } else {
      way = .terminal
    }
  }

  private static func systemdSockets(_ environment: [String: String], _ processID: Int32) -> Int? {
    // The variables are meant for one process, not for those that it starts.
    guard environment["LISTEN_PID"] == String(processID), let count = environment["LISTEN_FDS"].flatMap({ Int($0) }),
      count > 0
    else { return nil }
    return count
  }

  private static func isSet(_ name: String, _ environment: [String: String]) -> Bool {
    !(environment[name] ?? "").isEmpty
  }
}
