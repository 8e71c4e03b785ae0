public import Gateway
internal import Glibc
public import Threads

/// Runs a responder as a plain CGI program (RFC 3875): one request from the environment and standard input, one
/// response on standard output, all on the single thread of an event loop.
public struct CGIProgram: Sendable {
  private let environment: [String: String]
  private let limits: ServerLimits
  private let timeout: Duration
  private let responder: any Responder
  private let readsBody: Bool

  /// Creates a program that answers one request.
  ///
  /// - Parameters:
  ///   - environment: the environment of the process.
  ///   - limits: the maximum body length, how much of a longer body is read and discarded, and how long the web server
  ///     may take to send the next part of a discarded body.
  ///   - timeout: how long the web server may take to send the whole body, and how long to accept the next part of the
  ///     response.
  ///   - readsBody: whether the response depends on the body. If not, the body is discarded rather than waited for.
  public init(
    environment: [String: String], limits: ServerLimits = ServerLimits(), timeout: Duration = .seconds(30),
    readsBody: Bool = true, responder: any Responder
  ) {
    self.environment = environment
    self.limits = limits
    self.timeout = timeout
    self.responder = responder
    self.readsBody = readsBody
  }

  /// Answers the request. Call it from a task that runs on the loop.
  ///
  /// - Returns: whether the web server took the response. It may have gone away, which does no harm.
  @discardableResult
  public func run(on loop: EventLoop, input: Int32 = 0, output: Int32 = 1) async -> Bool {
    var body = contentLength.body(of: [])
    switch contentLength {
    case .absent: break
    case .bytes(let count) where !readsBody: await drop(count, from: input, on: loop)
    case .bytes(let count): body = contentLength.body(of: await received(count, from: input, on: loop))
    // A web server that still has part of the body to send treats a program that has exited as broken, and drops its
    // response (mod_cgid, fcgiwrap, uWSGI).
    case .unknown, .wrong: await drop(.max, from: input, on: loop)
    case .tooLarge: await drop(Int(environment["CONTENT_LENGTH"] ?? "") ?? .max, from: input, on: loop)
    }
    let response = await responder.respond(to: Self.request(of: environment, body))
    // Before the response is written: a web server may kill a program once it has the response.
    await response.afterwards?()
    return await write(response.cgiBytes, to: output, on: loop)
  }

  /// The request, as far as the environment describes it.
  public static func request(of environment: [String: String], _ body: Body = .bytes([])) -> Request {
    Request(parameters: parameters(of: environment), body: body)
  }

  private var contentLength: ContentLength {
    let length = ContentLength([environment["CONTENT_LENGTH"] ?? ""], longest: limits.body)
    // A body of unknown length, whose end only the end of standard input would mark.
    if length == .absent, let coding = environment["HTTP_TRANSFER_ENCODING"], !coding.isEmpty { return .unknown }
    return length
  }

  /// The variables that describe the request, without the rest of the environment, which may hold secrets.
  static func parameters(of environment: [String: String]) -> Parameters {
    Parameters(environment.filter { isOfRequest($0.key) }.map { (name: $0.key, value: $0.value) })
  }

  /// The rest of the environment, for a program that does not need the request.
  public static func withoutRequest(_ environment: [String: String]) -> [String: String] {
    environment.filter { !isOfRequest($0.key) }
  }

  private static func isOfRequest(_ name: String) -> Bool {
    metaVariables.contains(name) || Question.parameters.contains(name)
      || metaVariablePrefixes.contains { name.hasPrefix($0) }
  }

  private static let metaVariables: Set = ["AUTH_TYPE", "HTTPS", "PATH_INFO", "PATH_TRANSLATED", "QUERY_STRING"]
  private static let metaVariablePrefixes = [
    "CONTENT_", "DOCUMENT_", "GATEWAY_", "HTTP_", "REDIRECT_", "REMOTE_", "REQUEST_", "SCRIPT_", "SERVER_",
  ]

  // MARK: Reading and writing

  /// Reads up to `count` bytes, until the end of the input or the timeout.
  private func received(_ count: Int, from input: Int32, on loop: EventLoop) async -> [UInt8] {
    let deadline = ContinuousClock.now + timeout
    var bytes: [UInt8] = []
    while bytes.count < count, await loop.wait(until: .readable, of: input, before: deadline) {
      guard let part = Self.read(count - bytes.count, from: input), !part.isEmpty else { break }
      bytes += part
    }
    return bytes
  }

  /// Reads and discards up to `count` bytes, until the end of the input, the timeout, or `ServerLimits.discardedBody`.
  private func drop(_ count: Int, from input: Int32, on loop: EventLoop) async {
    let end = ContinuousClock.now + timeout
    var left = min(count, limits.discardedBody)
    while left > 0, await loop.wait(until: .readable, of: input, before: min(end, .now + limits.peerTimeout)) {
      guard let part = Self.read(min(left, 64 << 10), from: input), !part.isEmpty else { return }
      left -= part.count
    }
  }

  /// - Returns: the bytes available now; empty at the end of the input, nil if it cannot be read.
  private static func read(_ most: Int, from input: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: most)
    let count = try? SystemError.retrying {
      unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(input, $0.baseAddress, $0.count) }
    }
    return count.map { Array(bytes.prefix($0)) }
  }

  private func write(_ bytes: [UInt8], to output: Int32, on loop: EventLoop) async -> Bool {
    // The web server may have closed the pipe: the call must fail with EPIPE rather than kill the process.
    var brokenPipe = sigset_t()
    unsafe sigemptyset(&brokenPipe)
    unsafe sigaddset(&brokenPipe, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
    var rest = bytes[...]
    while !rest.isEmpty {
      guard await loop.wait(until: .writable, of: output, before: .now + timeout) else { return false }
      // A pipe that is ready takes this much without blocking (pipe(7)).
      let part = rest.prefix(Int(PIPE_BUF))
      let written = try? SystemError.retrying {
        unsafe part.withUnsafeBytes { unsafe Glibc.write(output, $0.baseAddress, $0.count) }
      }
      guard let written else { return false }
      rest = rest.dropFirst(written)
    }
    return true
  }
}
