import Curl
import HTTPFixture
import Testing
import Verification
import VonageV1

/// The request id of the specification's examples.
let exampleID = "abcdef0123456789abcdef0123456789"

extension VonageSettings {
  static func make(
    url: String = VonageSettings.usualURL, apiKey: String = "abcd1234", apiSecret: String = "Sup3rS3cr3t!!",
    brand: String = "Acme Inc"
  ) throws -> VonageSettings {
    try VonageSettings(apiKey: apiKey, apiSecret: apiSecret, brand: brand, url: url)
  }
}

extension VonageVerifier {
  /// A verifier for tests: patient, unless a test says otherwise, and never idle.
  static func make(
    _ settings: VonageSettings, timeout: Duration = .seconds(60), backoff: @escaping @Sendable () async -> Void = {}
  ) throws -> VonageVerifier {
    var configuration = Configuration()
    configuration.connectTimeout = timeout
    configuration.timeout = timeout
    return VonageVerifier(settings, client: try Client(configuration), backoff: backoff)
  }

  static func make(_ server: HTTPFixture) throws -> VonageVerifier {
    try make(.make(url: server.url))
  }

  /// What comes of a start when Vonage answers with this.
  static func start(answering reaction: Reaction) async throws -> Result<SendOutcome, VerifierFailure> {
    let server = try HTTPFixture { _ in reaction }
    let verifier = try make(server)
    do throws(VerifierFailure) {
      return .success(try await verifier.start(.example, by: .text, languages: []))
    } catch {
      return .failure(error)
    }
  }

  /// What comes of a check when Vonage answers with this.
  static func check(answering reaction: Reaction) async throws -> Result<CheckOutcome, VerifierFailure> {
    let server = try HTTPFixture { _ in reaction }
    let verifier = try make(server)
    do throws(VerifierFailure) {
      return .success(try await verifier.check(.example, of: .example))
    } catch {
      return .failure(error)
    }
  }
}

extension PhoneNumber {
  static var example: PhoneNumber { PhoneNumber(e164: "447700900000")! }
}

extension Code {
  static var example: Code {
    guard case .code(let code) = CodeReading("271828", length: 6...6) else { preconditionFailure("it is a PIN") }
    return code
  }
}

extension RequestID {
  static var example: RequestID { RequestID(exampleID, of: .vonageV1)! }
}

extension Attempt {
  static var example: Attempt {
    Attempt(requestID: .example, number: .example, startedAt: Timestamp(secondsSinceEpoch: 1_800_000_000), sends: 1)
  }
}

extension Result where Failure == VerifierFailure {
  var kind: VerifierFailure.Kind? {
    if case .failure(let failure) = self { failure.kind } else { nil }
  }

  var value: Success? { try? get() }
}
