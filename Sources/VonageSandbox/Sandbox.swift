public import Gateway
internal import HTTPTypes

/// A stand-in for Vonage's Verify API v1, with an outbox in place of telephones.
///
/// It follows the API's specification 1.2.4 and Vonage's guides, and is stricter than Vonage where those are: a
/// parameter that they do not know, that comes twice or that is out of bounds is status 3. Its clock can be told to
/// advance, and `MagicNumber.all` lists the numbers that always meet the same fate. The API's format XML, PSD2 and
/// network unblocking are not there (404).
///
/// Below the prefix: `verify/json`, `verify/check/json`, `verify/control/json`, `verify/search/json` (GET and POST);
/// `account/get-balance` (GET), where money never runs out; the outbox page, `messages.json`, `statistics.json` (GET); `clock`, `settings` (GET and POST), `reset` (POST).
public struct Sandbox: Responder {
  private let prefix: String
  private let desk: Desk
  private let console: Console
  private let pause: @Sendable (Duration) async -> Void

  /// - Parameters:
  ///   - clock: the time since 1970-01-01T00:00:00Z.
  ///   - pause: waits before an answer, without holding a thread.
  ///   - report: is told each message at the moment when it is sent; in order, one at a time. It must be quick.
  public init(
    settings: SandboxSettings = SandboxSettings(),
    clock: @escaping @Sendable () -> Duration = SandboxTime.system,
    pause: @escaping @Sendable (Duration) async -> Void = { try? await Task.sleep(for: $0) },
    report: @escaping @Sendable (OutboxMessage) -> Void = { _ in }
  ) {
    prefix = settings.prefix
    desk = Desk(settings, clock: clock, report: report)
    console = Console(desk: desk, prefix: prefix)
    self.pause = pause
  }

  /// The longest body in bytes that is read: more than any call of the API needs.
  public static let longestBody = CallParameters.longestBody

  /// The answer to a request that is one too many for the server.
  public static var overloaded: Response {
    .problem(.serviceUnavailable, detail: "Too many requests at once.", adding: [.retryAfter: "1"])
  }

  public func respond(to request: Request) async -> Response {
    guard let route = Route(request, below: prefix) else {
      return .problem(.notFound, detail: "The sandbox has nothing here.")
    }
    switch route {
    case .call(let operation): return await answer(operation, request)
    case .balance: return await balance(request)
    default: return await console.respond(to: request, route)
    }
  }

  private func answer(_ operation: Operation, _ request: Request) async -> Response {
    switch request.method {
    case .get, .post: break
    // As the API's gateway does; a HEAD that sent messages would be a trap.
    case .head: return .json([]).withoutBody
    default: return .problem(.forbidden, detail: "The API is called with GET or POST.")
    }
    let parameters: CallParameters
    do {
      parameters = try CallParameters(request)
    } catch {
      return .malformed(error)
    }

    let outcome = await desk.take(operation, parameters, authorization: request.header(.authorization))
    if outcome.delay > .zero { await pause(outcome.delay) }
    let json = outcome.answer.json
    return outcome.fault?.response(damaging: json, prefix: prefix) ?? .json(json)
  }

  /// The Account API's `GET /account/get-balance`, which says no by HTTP's statuses.
  private func balance(_ request: Request) async -> Response {
    guard request.method == .get else { return .problem(.methodNotAllowed, detail: "Allowed here: GET.") }
    do {
      return try await desk.balance(try CallParameters(request), authorization: request.header(.authorization))
    } catch is Refusal {
      return .json(
        Array(#"{"error-code":"401","error-code-label":"authentication failed"}"#.utf8), status: .unauthorized)
    } catch {
      return .problem(.badRequest, detail: "The parameters are not well-formed.")
    }
  }
}

extension Response {
  static func malformed(_ malformation: CallParameters.Malformation) -> Response {
    switch malformation {
    case .illFormed: .problem(.badRequest, detail: "The parameters are not well-formed.")
    case .tooLarge: .problem(.contentTooLarge, detail: "The parameters are longer than 64 KiB.")
    case .lengthMissing: .problem(.lengthRequired, detail: "A body needs a Content-Length.")
    }
  }
}
