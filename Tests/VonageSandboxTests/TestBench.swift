import Encoding
import Foundation
import Gateway
import HTTPTypes
import Testing
import Threads

@testable import VonageSandbox

/// A sandbox whose time stands still until the test moves it, and whose pauses are noted in place of being made.
final class TestBench: Sendable {
  let sandbox: Sandbox
  private let state: Locked<State>

  struct State: Sendable {
    // 2026-01-01T00:00:00Z
    var now: Duration = .seconds(1_767_225_600)
    var pauses: [Duration] = []
    var reported: [OutboxMessage] = []
  }

  init(_ change: (inout SandboxSettings) -> Void = { _ in }) {
    var settings = SandboxSettings()
    settings.credentials = SandboxCredentials(key: "abcd1234", secret: "Sup3rS3cr3t!!")
    change(&settings)
    let state = Locked(State())
    self.state = state
    sandbox = Sandbox(
      settings: settings,
      clock: { state.with { $0.now } },
      pause: { duration in state.with { $0.pauses.append(duration) } },
      report: { message in state.with { $0.reported.append(message) } })
  }

  var pauses: [Duration] { state.with { $0.pauses } }
  var reported: [OutboxMessage] { state.with { $0.reported } }

  func pass(_ seconds: Int) { passMilliseconds(1000 * seconds) }

  func passMilliseconds(_ milliseconds: Int) { state.with { $0.now += .milliseconds(milliseconds) } }

  /// Sends a request below `/sandbox`.
  func send(
    _ method: HTTPRequest.Method, _ path: String, query: String = "", body: String = "",
    type: String = "application/x-www-form-urlencoded", more: [String: String] = [:]
  ) async -> Response {
    var parameters = [
      (name: "SCRIPT_NAME", value: "/sandbox" + path), (name: "QUERY_STRING", value: query),
      (name: "CONTENT_TYPE", value: type),
    ]
    parameters += more.map { (name: $0.key, value: $0.value) }
    return await sandbox.respond(
      to: Request(method: method, parameters: Parameters(parameters), body: .bytes(Array(body.utf8))))
  }

  /// Posts a form with the right credentials in it.
  func call(_ path: String, _ fields: [(String, String)]) async -> Reply {
    let all = [("api_key", "abcd1234"), ("api_secret", "Sup3rS3cr3t!!")] + fields
    return Reply(await send(.post, "/verify/\(path)", body: Self.form(all)))
  }

  func start(_ number: String = "447700900000", _ more: (String, String)...) async -> Reply {
    await call("json", [("number", number), ("brand", "Acme Inc")] + more)
  }

  func check(_ id: String, _ code: String) async -> Reply {
    await call("check/json", [("request_id", id), ("code", code)])
  }

  func control(_ id: String, _ command: String) async -> Reply {
    await call("control/json", [("request_id", id), ("cmd", command)])
  }

  func search(_ id: String) async -> Reply { await call("search/json", [("request_id", id)]) }

  func messages() async throws -> [OutboxMessage] {
    try JSONDecoder().decode([OutboxMessage].self, from: Data(await send(.get, "/messages.json").body))
  }

  func statistics() async throws -> Statistics {
    try JSONDecoder().decode(Statistics.self, from: Data(await send(.get, "/statistics.json").body))
  }

  /// A running request and the code that was sent first.
  func started(_ number: String = "447700900000", _ more: (String, String)...) async throws -> (id: String, pin: String)
  {
    let reply = await call("json", [("number", number), ("brand", "Acme Inc")] + more)
    let message = try #require(reported.last)
    return (try #require(reply["request_id"]), message.pin)
  }

  static func form(_ fields: [(String, String)]) -> String {
    fields.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
  }

  private static func encoded(_ text: String) -> String {
    text.utf8.map { byte in
      byte.isLetterOrDigit ? String(UnicodeScalar(byte)) : String(format: "%%%02X", Int(byte))
    }.joined()
  }

  /// A code that is not this one.
  static func wrong(_ pin: String) -> String { pin.hasPrefix("0") ? "1" + pin.dropFirst() : "0" + pin.dropFirst() }
}
