import HTTPFixture
import Testing
import Verification
import VonageV1

/// Answers that are none of Verify v1's.
@Suite(.timeLimit(.minutes(2)))
struct AnswerTests {
  private static let success = #"{"request_id":"abcdef0123456789abcdef0123456789","status":"0"}"#

  private static let malformed: [String] = [
    "", "null", "0", "[]", "{}", "<html></html>", "[\(success)]", "\(success)\(success)", "{\"status\":\"0\"",
    #"{"status":null}"#, #"{"status":""}"#, #"{"status":"-0"}"#, #"{"status":"+0"}"#, #"{"status":" 0"}"#,
    #"{"status":"0x0"}"#, #"{"status":"00000"}"#, #"{"status":"SUCCESS"}"#, #"{"status":true}"#, #"{"status":0.5}"#,
    #"{"status":["0"]}"#, #"{"status":{"status":"0"}}"#, #"{"status":1e999}"#, #"{"status":99999999999999999999}"#,
    #"{"Status":"0"}"#, #"{"status":"٠"}"#, #"{"status":-0}"#, #"{"status":00}"#, #"{"status":0.0}"#,
    #"{"status":0e0}"#, #"{"status":"00"}"#, #"{"status":"000"}"#, #"{"status":"016"}"#, #"{"status":"0 "}"#,
    #"{"status":"0\u0000"}"#,
    // Not JSON behind, before or around the status.
    #"{"status":"0",}"#, #"{,"status":"0"}"#, #"{"status":"0"},"#, #"{"status" "0"}"#, #"{'status':"0"}"#,
    #"{status:"0"}"#, #"{"status":"0";"a":1}"#, #"{"status":"0","a":}"#, #"{"status":"0","a":.5}"#,
    #"{"status":"0","a":1.}"#, #"{"status":"0","a":1e}"#, #"{"status":"0","a":+1}"#, #"{"status":"0","a":-}"#,
    #"{"status":"0","a":01}"#, #"{"status":"0","a":NaN}"#, #"{"status":"0","a":tru}"#, #"{"status":"0","a":nulls}"#,
    #"{"status":"0","a":[1,]}"#, #"{"status":"0","a":[1}"#, #"{"status":"0","a":"\x"}"#, #"{"status":"0","a":"\u00"}"#,
    #"{"status":"0","a":"\u00g0"}"#, #"{"status":"0","a":"\ud83d"}"#, #"{"status":"0","a":"\ud83d\u0020"}"#,
    #"{"status":"0","a":"\ude00\ud83d"}"#, "{\"status\":\"0\",\"a\":\"\n\"}", "{\"status\":\"0\",\"a\":\"\u{0}\"}",
    #"{"status":"0"}//"#, "\u{FEFF}{\"status\":\"0\"}", "\u{B}{\"status\":\"0\"}",
    // Which of the two another reader takes is not certain.
    #"{"status":"0","status":"0"}"#, #"{"status":"16","st\u0061tus":"0"}"#,
  ]

  @Test(arguments: [
    #"{"status":"16"}"#, #"{"status":16}"#, " \t\r\n{ \"status\" : \"16\" } \n", #"{"st\u0061tus":"\u00316"}"#,
    #"{"a":[],"b":{},"status":"16"}"#, #"{"a":[true,false,null,-0.5e+3,1E9,0,"x"],"status":"16"}"#,
    #"{"a":"\"\\\/\b\f\n\r\t\ud83d\ude00","status":"16"}"#, #"{"status":"16","a":[[],[[{"status":"0"}]]]}"#,
  ]) func `a status is found in whatever way it is written`(body: String) async throws {
    #expect(try await VonageVerifier.check(answering: .answer(body)).value == .wrongCode)
  }

  @Test func `objects and arrays may lie 32 deep`() async throws {
    func nested(_ depth: Int) -> String {
      let arrays = String(repeating: "[", count: depth - 1) + String(repeating: "]", count: depth - 1)
      return #"{"status":"16","x":\#(arrays)}"#
    }
    #expect(try await VonageVerifier.check(answering: .answer(nested(32))).value == .wrongCode)
    #expect(try await VonageVerifier.check(answering: .answer(nested(33))).kind == .malformedAnswer)
  }

  @Test(arguments: malformed) func `what is no object with a status is no answer`(body: String) async throws {
    #expect(try await VonageVerifier.start(answering: .answer(body)).kind == .malformedAnswer)
    #expect(try await VonageVerifier.check(answering: .answer(body)).kind == .malformedAnswer)
  }

  @Test func `invalid UTF-8 is no answer`() async throws {
    let body = Array(#"{"status":"0","error_text":""#.utf8) + [0xFF, 0xFE] + Array(#""}"#.utf8)
    let outcome = try await VonageVerifier.check(answering: .send(Reaction.bytes(body), then: .keep))
    #expect(outcome.kind == .malformedAnswer)
  }

  @Test func `UTF-16 is no answer`() async throws {
    let body = Array(#"{"status":"0"}"#.utf8).flatMap { byte -> [UInt8] in [0, byte] }
    let outcome = try await VonageVerifier.check(answering: .send(Reaction.bytes(body), then: .keep))
    #expect(outcome.kind == .malformedAnswer)
  }

  @Test(arguments: ["[", #"{"a":"#]) func `JSON as deep as the size permits is no answer`(opening: String) async throws
  {
    let body = #"{"status":"0","x":"# + String(repeating: opening, count: 60_000 / opening.utf8.count)
    #expect(try await VonageVerifier.start(answering: .answer(body)).kind == .malformedAnswer)
    let closing = opening == "[" ? "]" : "}"
    let nested = String(repeating: opening, count: 10_000) + "1" + String(repeating: closing, count: 10_000)
    #expect(
      try await VonageVerifier.check(answering: .answer(#"{"status":"16","x":\#(nested)}"#)).kind == .malformedAnswer)
  }

  @Test func `fields that are not known are left unread`() async throws {
    let body = #"{"status":"16","request_id":7,"error_text":{"a":[1,2,{"b":null}]},"😀":"\ud83d\ude00"}"#
    #expect(try await VonageVerifier.check(answering: .answer(body)).value == .wrongCode)
  }

  @Test(arguments: [
    (201, VerifierFailure.Kind.httpError), (204, .httpError), (301, .httpError), (302, .httpError), (400, .httpError),
    (401, .badCredentials), (403, .httpError), (404, .httpError), (420, .httpError), (429, .throttled),
    (500, .httpError), (502, .httpError), (503, .httpError), (504, .httpError),
  ])
  func `any HTTP status but 200 is a failure, whatever the body says`(
    status: Int, kind: VerifierFailure.Kind
  ) async throws {
    let body = status == 204 ? "" : Self.success
    let outcome = try await VonageVerifier.start(
      answering: .answer(body, status: status, fields: ["Location: http://127.0.0.1:1/"]))
    #expect(throws: VerifierFailure(kind, code: "vonage-v1/HTTP \(status)", detail: "HTTP \(status)")) {
      try outcome.get()
    }
  }

  @Test(
    arguments: [
      ("7", Duration.seconds(7)), ("0", .seconds(1)), ("3600", .seconds(3_600)), ("3601", .seconds(3_600)),
      ("999999999", .seconds(3_600)), ("1000000000", nil), ("-1", nil), ("1.5", nil), ("", nil), ("soon", nil),
      ("Fri, 31 Dec 1999 23:59:59 GMT", nil),
    ] as [(String, Duration?)])
  func `the time that Vonage asks to be left alone is passed on`(value: String, wait: Duration?) async throws {
    for status in [429, 503] {
      let outcome = try await VonageVerifier.start(
        answering: .answer("", status: status, fields: ["Retry-After: \(value)"]))
      guard case .failure(let failure) = outcome else {
        Issue.record("no failure")
        continue
      }
      #expect(failure.retryAfter == wait)
    }
  }
}
