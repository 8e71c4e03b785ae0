import Curl
import HTTPFixture
import Testing
import Verification
import VonageV1

@Suite(.timeLimit(.minutes(2)))
struct MaskTests {
  @Test func `settings and verifier show no secret`() throws {
    let settings = try VonageSettings.make()
    let verifier = try VonageVerifier.make(settings)
    for text in texts(of: settings) + texts(of: verifier) {
      #expect(!text.contains("Sup3rS3cr3t"))
      #expect(!text.contains("abcd1234"))
    }
  }

  @Test(arguments: [
    Reaction.answer(#"{"status":"3","error_text":"447700900000 271828 Sup3rS3cr3t!!"}"#),
    .answer(#"{"status":"5","error_text":"447700900000 271828 Sup3rS3cr3t!!"}"#),
    .answer("447700900000 271828 Sup3rS3cr3t!!"), .answer("447700900000 271828 Sup3rS3cr3t!!", status: 500),
    .answer("", status: 503, fields: ["Retry-After: 447700900000 271828 Sup3rS3cr3t!!"]),
    .send(Array("447700900000 271828 Sup3rS3cr3t!!\r\n\r\n".utf8), then: .close), .send([], then: .close),
  ])
  func `a failure shows no number, no PIN, no secret and no text of Vonage's`(reaction: Reaction) async throws {
    let start = try await VonageVerifier.start(answering: reaction)
    let check = try await VonageVerifier.check(answering: reaction)
    for text in texts(of: start) + texts(of: check) {
      for secret in ["447700900000", "271828", "Sup3rS3cr3t", exampleID] {
        #expect(!text.contains(secret))
      }
    }
  }

  private func texts<Value>(of value: Value) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    return ["\(value)", String(reflecting: value), dumped]
  }
}
