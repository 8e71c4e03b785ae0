import CounterStoreContract
import Crypto
import Foundation
import Gate
import Gateway
import HTTPTypes
import Limits
import Logging
import Testing
import Verification

@testable import Flow
@testable import Pages
@testable import Tokens

/// A site in process, with a scripted provider, a real store, clocks that a test moves and a log that it can read.
struct TestSite: Sendable {
  let verifier: ScriptedVerifier
  let clock = SettableClock()
  let log = RecordedLog()
  let notices = Notices()
  let pauses = Pauses()
  let flow: Flow
  let site: PageResponder
  let keyring: Keyring
  let store: any CounterStore
  let policy: LimitsPolicy
  let gate: Gate?
  private let folder: StoreFolder?

  /// - Parameters:
  ///   - store: nil for a new SQLite file.
  ///   - wrap: puts another one around it.
  init(
    settings: FlowSettings = FlowSettings(identity: "www.example.com"), brand: Brand = Brand(name: "Acme"),
    keyring: Keyring = .test, logLevel: Logger.Level = .trace, policy: LimitsPolicy = LimitsPolicy(),
    plan: any NumberingPlan = .test, verifier: ScriptedVerifier = ScriptedVerifier(), store: (any CounterStore)? = nil,
    wrap: (any CounterStore) -> any CounterStore = { $0 },
    gate: GateSettings? = nil, askWidget: (@Sendable (String) async -> WidgetFinding)? = nil,
    secureAnswer: @escaping @Sendable () -> Void = {},
    leave: (@Sendable (String) throws -> Void)? = nil, tellOfSuccess: (@Sendable () -> Void)? = nil
  ) throws {
    self.verifier = verifier
    self.keyring = keyring
    self.policy = policy
    let clock = clock
    let gate = gate.map { Gate($0, keyring: keyring, site: settings.identity, prefix: settings.prefix) }
    self.gate = gate
    let folder = store == nil ? try StoreFolder() : nil
    self.folder = folder
    let store = wrap(try store ?? folder!.open { clock.machine.now() })
    self.store = store
    flow = Flow(
      settings: settings, verifier: verifier, plan: plan,
      limiter: Limiter(
        store: store, policy: policy, notify: { [notices] in notices.add($0) }),
      keyring: keyring, gate: gate, widget: askWidget.map { WidgetCheck(store: store, ask: $0) },
      log: log.logger(level: logLevel), clock: { clock.now },
      sleep: { [pauses] in await pauses.wait($0) }, secureAnswer: secureAnswer, leave: leave,
      tellOfSuccess: tellOfSuccess)
    let pages = Pages(brand: brand, remembersFor: gate?.settings.rememberedLife, widget: settings.challenge?.widget)
    site = PageResponder(
      flow, pages: pages, files: try StaticFiles(in: settings.staticFolder, pages: pages), settings: settings)
  }

  /// Answers, and does what is to be done afterwards.
  func respond(to request: Request) async -> Response {
    let response = await site.respond(to: request)
    await response.afterwards?()
    return response
  }

  func get(_ path: String, method: HTTPRequest.Method = .get, _ more: [String: String] = [:]) async -> Response {
    await respond(to: .make(method, path, more))
  }

  func post(_ path: String, _ body: String, _ more: [String: String] = [:]) async -> Response {
    await respond(to: .make(.post, path, more, body: .bytes(Array(body.utf8))))
  }

  /// Registers a number and returns the token of the PIN form.
  func token(_ number: String = "+1 202 555 0143") async throws -> String {
    let response = await post("/register", "number=" + number.formEncoded)
    return try #require(response.token)
  }

  func verify(_ token: String, pin: String = "123456") async -> Response {
    await post("/verify", "requestId=\(token.formEncoded)&pin=\(pin.formEncoded)")
  }
}

extension Keyring {
  static let test = Keyring([SymmetricKey(data: [UInt8](repeating: 7, count: 32))])!
}

extension Request {
  /// A request as a web server hands over what a browser sends from one of the site's own pages.
  static func make(
    _ method: HTTPRequest.Method, _ path: String, _ more: [String: String] = [:], body: Body = .bytes([])
  ) -> Request {
    var parameters = ["REQUEST_METHOD": method.rawValue, "SCRIPT_NAME": path, "HTTP_HOST": "www.example.com"]
    parameters["REMOTE_ADDR"] = "192.0.2.1"
    if method == .post {
      parameters["CONTENT_TYPE"] = "application/x-www-form-urlencoded"
      parameters["HTTP_SEC_FETCH_SITE"] = "same-origin"
    }
    parameters.merge(more) { $1 }
    return Request(method: method, parameters: Parameters(parameters.map { ($0.key, $0.value) }), body: body)
  }
}

extension Response {
  var text: String { String(decoding: body, as: UTF8.self) }

  /// The value of the hidden field.
  var token: String? {
    text.firstMatch(of: /name="requestId" value="([^"]+)"/).map { String($0.1) }
  }

  var title: String? { text.firstMatch(of: /<title>([^<]*)<\/title>/).map { String($0.1) } }
  var heading: String? { text.firstMatch(of: /<h1>([^<]*)<\/h1>/).map { String($0.1) } }
}

extension String {
  var formEncoded: String {
    utf8.map { byte in
      let scalar = UnicodeScalar(byte)
      let isPlain = scalar.isASCII && (Character(scalar).isLetter || Character(scalar).isNumber)
      return isPlain ? String(scalar) : "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
    }.joined()
  }
}
