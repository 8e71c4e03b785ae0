import Crypto
import Gateway
import HTTPTypes
import Testing
import Verification

@testable import Gate
@testable import Tokens

/// A gate with a fixed key, and a time that is told.
struct TestGate {
  let gate: Gate
  let now = Timestamp(secondsSinceEpoch: 1_800_000_000)

  init(
    _ change: (inout GateSettings) -> Void = { _ in }, key: UInt8 = 7, site: String = "www.example.com",
    prefix: String = "", admitted: Admitted = .everyNumber, words: GateWords = .none,
    tell: @escaping @Sendable (GateTrouble) -> Void = { _ in }
  ) {
    var settings = GateSettings(audience: site)
    change(&settings)
    gate = Gate(
      settings, keyring: .of(key), site: site, prefix: prefix, admitted: admitted, words: { words }, tell: tell)
  }

  /// A proof as it is handed out, changed.
  func token(
    subject: String = "subject-of-a-number", age: Duration = .zero, life: Duration = .seconds(3600),
    purpose: String = "",
    methods: Proof.Methods = Proof.Methods(.text)
  ) throws -> String {
    let time = now + .seconds(-age.components.seconds)
    let proof = Proof(subject: subject, issuedAt: time, expiresAt: time + life, methods: methods, purpose: purpose)
    return try #require(gate.ring.token(proof))
  }

  func ask(_ path: String, _ token: String? = nil, _ more: Pairs = [:]) -> Response? {
    gate.answer(.asked(path, token, more), at: now)
  }

  func check(_ token: String?, _ more: Pairs = [:]) -> HTTPResponse.Status? {
    ask("/check", token, more)?.status
  }
}

extension Keyring {
  static func of(_ bytes: UInt8...) -> Keyring {
    Keyring(bytes.map { SymmetricKey(data: [UInt8](repeating: $0, count: 32)) })!
  }
}

extension Request {
  /// A request over HTTPS for a path of PinGate's, by a browser with a proof, which it sends in the cookies of all purposes:
  /// what is in which one is up to whoever has the browser.
  static func asked(_ path: String, _ token: String? = nil, _ more: Pairs = [:]) -> Request {
    var all = [
      ("REQUEST_METHOD", "GET"), ("SCRIPT_NAME", path), ("HTTPS", "on"), ("HTTP_HOST", "www.example.com"),
    ]
    if let token {
      let pairs = ["", "-members", "-board"].map { "__Host-Http-pingate\($0)=\(token)" }
      all.append(("HTTP_COOKIE", "a=b; " + pairs.joined(separator: "; ")))
    }
    all += more.all
    return Request(parameters: Parameters(all.map { (name: $0.0, value: $0.1) }), body: .bytes([]))
  }
}

extension Response {
  /// Its fields by their names in lower case.
  var header: [String: String] {
    Dictionary(fields.map { ($0.name.canonicalName, $0.value) }) { "\($0), \($1)" }
  }

  var location: String? { fields[.location] }
}

/// What a browser sends on its way to a page.
let browser: Pairs = ["HTTP_SEC_FETCH_MODE": "navigate", "HTTP_ACCEPT": "text/html,*/*;q=0.8"]

/// Parameters in their order.
struct Pairs: ExpressibleByDictionaryLiteral {
  let all: [(String, String)]

  init(dictionaryLiteral elements: (String, String)...) { all = elements }

  private init(_ all: [(String, String)]) { self.all = all }

  static func + (one: Pairs, other: Pairs) -> Pairs { Pairs(one.all + other.all) }
}
