internal import Glibc

/// How the process was started, as told by its environment and descriptor 0 alone.
public struct Invocation: Sendable, Hashable {
  /// The ways to start the process.
  public enum Mode: Sendable, Hashable {
    /// By systemd's socket activation, with this many sockets from descriptor 3 on (sd_listen_fds(3)).
    case systemd(sockets: Int)
    /// As a CGI program, which answers one request and exits.
    case cgi
    /// As a CGI program by a web server, or a web server configuration, that does not pass `GATEWAY_INTERFACE`, the
    /// variable that tells a CGI program that its arguments come from a client (RFC 3875, sections 4.1.4 and 4.4).
    case unnamedCGI
    /// With a listen address of its own.
    case configured(ListenAddress)
    /// By spawn-fcgi, lighttpd or mod_fcgid, with a listening socket as descriptor 0.
    case standardInput
    /// By a person or a script, with nothing to serve.
    case terminal
  }

  /// The first of systemd's descriptors (`SD_LISTEN_FDS_START`).
  public static let firstSystemdDescriptor: Int32 = 3

  /// How the process was started.
  public let mode: Mode

  /// Whether the arguments come from whoever started the process on purpose.
  ///
  /// Under a web server they do not: a query string without "=" becomes the arguments of a CGI program (RFC 3875,
  /// section 4.4), so they are text from a client. This has to be known before any configuration is read.
  public static func mayReadArguments(environment: [String: String], standardInput: StandardInput) -> Bool {
    !["GATEWAY_INTERFACE", "REQUEST_METHOD"].contains { isSet($0, environment) } && standardInput != .listeningSocket
  }

  /// Decides by the first of these that applies: systemd, CGI, the configuration, descriptor 0, a variable only CGI
  /// sets.
  ///
  /// - Parameters:
  ///   - environment: the environment of the process. A web server adds a client's headers under names that begin with
  ///     `HTTP_`, none of which is considered.
  ///   - configured: the configured listen address, if there is one.
  ///   - processID: the id of this process.
  public init(
    environment: [String: String], configured: ListenAddress?, processID: Int32, standardInput: StandardInput
  ) {
    if let sockets = Self.systemdSockets(environment, processID) {
      mode = .systemd(sockets: sockets)
    } else if Self.isSet("GATEWAY_INTERFACE", environment), standardInput != .listeningSocket {
      mode = .cgi
    } else if let configured {
      mode = .configured(configured)
    } else if standardInput == .listeningSocket {
      mode = .standardInput
    } else if Self.isSet("REQUEST_METHOD", environment) {
      mode = .unnamedCGI
    } else {
      mode = .terminal
    }
  }

  private static func systemdSockets(_ environment: [String: String], _ processID: Int32) -> Int? {
    // The variables are meant for one process, not for its children.
    guard environment["LISTEN_PID"] == String(processID), let count = environment["LISTEN_FDS"].flatMap({ Int($0) }),
      count > 0
    else { return nil }
    return count
  }

  private static func isSet(_ name: String, _ environment: [String: String]) -> Bool {
    !(environment[name] ?? "").isEmpty
  }
}

/// What descriptor 0 is, as far as that tells how the process was started.
public enum StandardInput: Sendable, Hashable {
  /// A listening socket (FastCGI specification 1.0, section 2.2).
  case listeningSocket
  /// Anything else: a pipe, a file, a terminal, nothing.
  case other

  /// Examines descriptor 0 of this process.
  public static func probe() -> StandardInput {
    isListening(STDIN_FILENO) ? .listeningSocket : .other
  }

  static func isListening(_ descriptor: Int32) -> Bool {
    var isListening: Int32 = 0
    var length = socklen_t(MemoryLayout<Int32>.size)
    return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ACCEPTCONN, &isListening, &length) == 0 && isListening != 0
  }
}
