public import Gateway
internal import Glibc

/// A responder as a plain CGI program (RFC 3875): one request from the environment and standard input, one answer on
/// standard output.
public struct CGIProgram: Sendable {
  private let environment: [String: String]
  private let limits: Limits
  private let timeout: Duration
  private let responder: any Responder

  /// A program for one request.
  ///
  /// - Parameters:
  ///   - environment: the environment of the process.
  ///   - limits: of which the length of the body counts.
  ///   - timeout: how long the web server may take to hand over the body.
  public init(
    environment: [String: String], limits: Limits = Limits(), timeout: Duration = .seconds(30),
    responder: any Responder
  ) {
    self.environment = environment
    self.limits = limits
    self.timeout = timeout
    self.responder = responder
  }

  /// Answers the request.
  ///
  /// - Returns: whether the web server took the answer; it may be gone, which harms nothing.
  @discardableResult
  public func run(input: Int32 = 0, output: Int32 = 1) async -> Bool {
    let parameters = Self.parameters(of: environment)
    var body = contentLength.body(of: [])
    if case .bytes(let count) = contentLength, count > 0 {
      body = contentLength.body(of: await received(count, from: input))
    }
    let response = await responder.respond(to: Request(parameters: parameters, body: body))
    // A web server may end a program whose answer it has.
    await response.afterwards?()
    let bytes = response.cgiBytes
    return (try? await OwnThread.run { Self.write(bytes, to: output) }) ?? false
  }

  private func received(_ count: Int, from input: Int32) async -> [UInt8] {
    // A form is there before the program is, nearly always: no thread is needed to wait for it.
    let received = Self.read(count, from: input, until: .now)
    guard received.count < count else { return received }
    let deadline = Monotonic.now + timeout
    let rest = try? await OwnThread.run { Self.read(count - received.count, from: input, until: deadline) }
    // No thread to read on: then the length is wrong.
    return received + (rest ?? [])
  }

  private var contentLength: ContentLength {
    let length = ContentLength([environment["CONTENT_LENGTH"] ?? ""], longest: limits.body)
    // A body without a length, of which the end could be told by the end of standard input only.
    if length == .absent, let coding = environment["HTTP_TRANSFER_ENCODING"], !coding.isEmpty { return .unknown }
    return length
  }

  /// The variables that make the request: not the rest of the environment, which may hold secrets.
  static func parameters(of environment: [String: String]) -> Parameters {
    Parameters(environment.filter { isOfRequest($0.key) }.map { (name: $0.key, value: $0.value) })
  }

  /// The rest of the environment, for a program that has nothing to do with the request.
  public static func withoutRequest(_ environment: [String: String]) -> [String: String] {
    environment.filter { !isOfRequest($0.key) }
  }

  private static func isOfRequest(_ name: String) -> Bool {
    metaVariables.contains(name) || metaVariablePrefixes.contains { name.hasPrefix($0) }
  }

  private static let metaVariables: Set = ["AUTH_TYPE", "HTTPS", "PATH_INFO", "PATH_TRANSLATED", "QUERY_STRING"]
  private static let metaVariablePrefixes = [
    "CONTENT_", "DOCUMENT_", "GATEWAY_", "HTTP_", "REDIRECT_", "REMOTE_", "REQUEST_", "SCRIPT_", "SERVER_",
  ]

  private static func read(_ count: Int, from input: Int32, until deadline: Monotonic) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    var received = 0
    while received < count {
      var waiting = pollfd(fd: input, events: Int16(POLLIN), revents: 0)
      let ready = try? SystemError.retrying { unsafe poll(&waiting, 1, deadline.millisecondsLeft) }
      guard let ready, ready > 0 else { break }
      let read = try? SystemError.retrying {
        unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(input, $0.baseAddress! + received, count - received) }
      }
      guard let read, read > 0 else { break }
      received += read
    }
    return Array(bytes.prefix(received))
  }

  private static func write(_ bytes: [UInt8], to output: Int32) -> Bool {
    // The web server may have closed it: that is an error of the call (EPIPE), and no end of the process, because this
    // thread blocks SIGPIPE.
    var rest = bytes[...]
    while !rest.isEmpty {
      let written = try? SystemError.retrying {
        unsafe rest.withUnsafeBytes { unsafe Glibc.write(output, $0.baseAddress, $0.count) }
      }
      guard let written else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }
}
