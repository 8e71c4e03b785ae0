import HTTPFixture
import Testing
import Verification
import VonageV1

/// Every status of Verify v1, as the specification's examples have them.
@Suite(.timeLimit(.minutes(2)))
struct StatusTests {
  private static let startFailures: [(Int, VerifierFailure.Kind)] = [
    (1, .throttled), (2, .invalidRequest), (4, .badCredentials), (5, .internalError), (6, .cannotProcess),
    (8, .accountBarred), (9, .quotaExceeded), (20, .featureNotEnabled), (29, .notPermitted),
    // They are not a start's, or nobody's.
    (16, .unknownStatus), (17, .unknownStatus), (19, .unknownStatus), (101, .unknownStatus), (9999, .unknownStatus),
  ]

  private static let checkFailures: [(Int, VerifierFailure.Kind)] = [
    (1, .throttled), (2, .invalidRequest), (3, .invalidRequest), (4, .badCredentials), (5, .internalError),
    (8, .accountBarred), (9, .quotaExceeded), (20, .featureNotEnabled), (29, .notPermitted),
    (7, .unknownStatus), (10, .unknownStatus), (15, .unknownStatus), (19, .unknownStatus), (101, .unknownStatus),
  ]

  private func answer(_ status: Int, requestID: String? = nil) -> Reaction {
    let id = requestID.map { #""request_id":"\#($0)","# } ?? ""
    return .answer(#"{\#(id)"status":"\#(status)","error_text":"its own words","network":"25503"}"#)
  }

  @Test func `0 starts a request`() async throws {
    let outcome = try await VonageVerifier.start(answering: .answer(#"{"request_id":"\#(exampleID)","status":"0"}"#))
    #expect(outcome.value == .sent(.example))
  }

  @Test func `10 names the running request`() async throws {
    let outcome = try await VonageVerifier.start(answering: answer(10, requestID: exampleID))
    #expect(outcome.value == .alreadyRunning(.example))
  }

  @Test(arguments: [(3, SendOutcome.badNumber), (7, .blocked), (15, .unsupportedDestination)])
  func `a refused number is an outcome`(status: Int, outcome: SendOutcome) async throws {
    // In an error the id may be blank.
    #expect(try await VonageVerifier.start(answering: answer(status, requestID: "")).value == outcome)
    #expect(try await VonageVerifier.start(answering: answer(status)).value == outcome)
  }

  @Test(arguments: startFailures) func `any other status of a start is a failure`(
    status: Int, kind: VerifierFailure.Kind
  ) async throws {
    let outcome = try await VonageVerifier.start(answering: answer(status, requestID: exampleID))
    #expect(throws: VerifierFailure(kind, code: "vonage-v1/\(status)", detail: "status \(status)")) {
      try outcome.get()
    }
  }

  @Test func `0 verifies`() async throws {
    let outcome = try await VonageVerifier.check(
      answering: .answer(
        """
        {"request_id":"\(exampleID)","event_id":"0A00000012345678","status":"0","price":"0.10000000",
        "currency":"EUR","estimated_price_messages_sent":"0.03330000"}
        """))
    #expect(outcome.value == .verified)
  }

  @Test(arguments: [(6, CheckOutcome.gone), (16, .wrongCode), (17, .tooManyWrongCodes)])
  func `a refused code is an outcome`(status: Int, outcome: CheckOutcome) async throws {
    #expect(try await VonageVerifier.check(answering: answer(status, requestID: exampleID)).value == outcome)
    #expect(try await VonageVerifier.check(answering: answer(status)).value == outcome)
  }

  @Test(arguments: checkFailures) func `any other status of a check is a failure`(
    status: Int, kind: VerifierFailure.Kind
  ) async throws {
    let outcome = try await VonageVerifier.check(answering: answer(status, requestID: exampleID))
    #expect(throws: VerifierFailure(kind, code: "vonage-v1/\(status)", detail: "status \(status)")) {
      try outcome.get()
    }
  }

  @Test func `a success that names another request verifies nothing`() async throws {
    let other = String(exampleID.reversed())
    #expect(try await VonageVerifier.check(answering: answer(0, requestID: other)).kind == .malformedAnswer)
    // The specification does not require that it names one.
    #expect(try await VonageVerifier.check(answering: answer(0)).value == .verified)
  }

  @Test(arguments: [
    "null", "7", "true", "[]", "{}", "[\"ID\"]", "\"\"", "\" ID\"", "\"IDID\"", "\"IDIDID\"", "\"<b>ID</b>\"",
    "\"ID\\u0000\"",
  ])
  func `a success whose request id is something else verifies nothing, and an error is the error that it is`(
    form: String
  ) async throws {
    let id = form.replacing("ID", with: exampleID)
    let success = Reaction.answer(#"{"request_id":\#(id),"status":"0"}"#)
    #expect(try await VonageVerifier.check(answering: success).kind == .malformedAnswer)
    let wrong = Reaction.answer(#"{"request_id":\#(id),"status":"16"}"#)
    #expect(try await VonageVerifier.check(answering: wrong).value == .wrongCode)
  }

  @Test(arguments: [0, 10], ["", "a b", "../../x", "é", String(repeating: "a", count: 65)])
  func `a start without a well-formed request id is no start`(status: Int, id: String) async throws {
    #expect(try await VonageVerifier.start(answering: answer(status, requestID: id)).kind == .malformedAnswer)
    #expect(try await VonageVerifier.start(answering: answer(status)).kind == .malformedAnswer)
  }

  @Test func `a status that is a number counts as the string`() async throws {
    let body = #"{"request_id":"\#(exampleID)","status":10}"#
    #expect(try await VonageVerifier.start(answering: .answer(body)).value == .alreadyRunning(.example))
  }
}
