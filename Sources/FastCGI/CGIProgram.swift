public import Gateway
internal import Glibc
public import Threads

/// A responder as a plain CGI program (RFC 3875): one request from the environment and standard input, one answer on
/// standard output, all on the one thread of a loop.
public struct CGIProgram: Sendable {
  private let environment: [String: String]
  private let limits: Limits
  private let timeout: Duration
  private let responder: any Responder
  private let readsBody: Bool

  /// A program for one request.
  ///
  /// - Parameters:
  ///   - environment: the environment of the process.
  ///   - limits: how long the body may be, how much of a longer one is read and thrown away, and how long the web server
  ///     may take for the next part of one that is thrown away.
  ///   - timeout: how long the web server may take to hand over the body, and how long to take the next part of the answer.
  ///   - readsBody: whether the answer depends on the body; else that is thrown away, and none is waited for.
  public init(
    environment: [String: String], limits: Limits = Limits(), timeout: Duration = .seconds(30),
    readsBody: Bool = true, responder: any Responder
  ) {
    self.environment = environment
    self.limits = limits
    self.timeout = timeout
    self.responder = responder
    self.readsBody = readsBody
  }

  /// Answers the request. To be called in a task of the loop.
  ///
  /// - Returns: whether the web server took the answer; it may be gone, which harms nothing.
  @discardableResult
  public func run(on loop: EventLoop, input: Int32 = 0, output: Int32 = 1) async -> Bool {
    var body = contentLength.body(of: [])
    switch contentLength {
    case .absent: break
    case .bytes(let count) where !readsBody: await drop(count, from: input, on: loop)
    case .bytes(let count): body = contentLength.body(of: await received(count, from: input, on: loop))
    // A web server that still has some of it to hand over takes a program that has ended for a broken one, and its
    // answer for none (mod_cgid, fcgiwrap, uWSGI).
    case .unknown, .wrong: await drop(.max, from: input, on: loop)
    case .tooLarge: await drop(Int(environment["CONTENT_LENGTH"] ?? "") ?? .max, from: input, on: loop)
    }
    let response = await responder.respond(to: Self.request(of: environment, body))
    // A web server may end a program whose answer it has.
    await response.afterwards?()
    return await write(response.cgiBytes, to: output, on: loop)
  }

  /// The request, as far as the environment has it.
  public static func request(of environment: [String: String], _ body: Body = .bytes([])) -> Request {
    Request(parameters: parameters(of: environment), body: body)
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
    metaVariables.contains(name) || Question.parameters.contains(name)
      || metaVariablePrefixes.contains { name.hasPrefix($0) }
  }

  private static let metaVariables: Set = ["AUTH_TYPE", "HTTPS", "PATH_INFO", "PATH_TRANSLATED", "QUERY_STRING"]
  private static let metaVariablePrefixes = [
    "CONTENT_", "DOCUMENT_", "GATEWAY_", "HTTP_", "REDIRECT_", "REMOTE_", "REQUEST_", "SCRIPT_", "SERVER_",
  ]

  // MARK: Reading and writing

  /// The bytes that come, so many at most, up to the end of the input or of the time.
  private func received(_ count: Int, from input: Int32, on loop: EventLoop) async -> [UInt8] {
    let deadline = ContinuousClock.now + timeout
    var bytes: [UInt8] = []
    while bytes.count < count, await loop.wait(until: .readable, of: input, before: deadline) {
      guard let part = Self.read(count - bytes.count, from: input), !part.isEmpty else { break }
      bytes += part
    }
    return bytes
  }

  /// Reads and throws away, up to the end of the input or of a bound.
  private func drop(_ count: Int, from input: Int32, on loop: EventLoop) async {
    let end = ContinuousClock.now + timeout
    var left = min(count, limits.discardedBody)
    while left > 0, await loop.wait(until: .readable, of: input, before: min(end, .now + limits.peerTimeout)) {
      guard let part = Self.read(min(left, 64 << 10), from: input), !part.isEmpty else { return }
      left -= part.count
    }
  }

  /// - Returns: what is there; nothing at the end of the input, nil when it cannot be read.
  private static func read(_ most: Int, from input: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: most)
    let count = try? SystemError.retrying {
      unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(input, $0.baseAddress, $0.count) }
    }
    return count.map { Array(bytes.prefix($0)) }
  }

  private func write(_ bytes: [UInt8], to output: Int32, on loop: EventLoop) async -> Bool {
    // The web server may have closed it: that is an error of the call (EPIPE), and no end of the process.
    var brokenPipe = sigset_t()
    unsafe sigemptyset(&brokenPipe)
    unsafe sigaddset(&brokenPipe, SIGPIPE)
    unsafe pthread_sigmask(SIG_BLOCK, &brokenPipe, nil)
    var rest = bytes[...]
    while !rest.isEmpty {
      guard await loop.wait(until: .writable, of: output, before: .now + timeout) else { return false }
      // So much fits into a pipe that is ready (pipe(7)): nothing blocks while nobody reads.
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
