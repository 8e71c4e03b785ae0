import Curl
import HTTPFixture
import Testing

struct MaskTests {
  @Test func `a request shows neither its fields nor its credentials`() throws {
    var form = FormBody()
    form.append("code", "271828")
    let credentials = try #require(Credentials(user: "the-key", password: "the-secret"))
    let request = Request(.post(form), try ServiceURL("https://a.example"), credentials: credentials)
    for text in texts(of: request) + texts(of: form) + texts(of: credentials) {
      for secret in ["271828", "the-key", "the-secret", "50, 55, 49"] {
        #expect(!text.contains(secret))
      }
    }
    #expect("\(request)" == "POST https://a.example/")
  }

  @Test func `an answer shows neither its body nor its fields`() async throws {
    let server = try HTTPFixture { _ in .answer("its text", fields: ["Retry-After: 271828"]) }
    let answer = try await Client.make().send(.get(server.url))
    for text in texts(of: answer) {
      #expect(!text.contains("its text") && !text.contains("105, 116") && !text.contains("271828"))
    }
    #expect("\(answer)" == "HTTP 200, 8 bytes")
  }

  @Test func `credentials that Basic cannot carry are refused`() {
    #expect(Credentials(user: "a:b", password: "c") == nil)
    #expect(Credentials(user: "a\0", password: "c") == nil)
    #expect(Credentials(user: "a", password: "\0") == nil)
    #expect(Credentials(user: "a", password: "b:c") != nil)
  }

  private func texts<Value>(of value: Value) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    return ["\(value)", String(reflecting: value), dumped, "\(Optional(value) as Any)", "\([value])"]
  }
}
