import Gateway
import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct `The balance of an account` {
  @Test func `is told to who knows the secret`() async {
    let bench = TestBench()
    let basic = ["HTTP_AUTHORIZATION": "Basic YWJjZDEyMzQ6U3VwM3JTM2NyM3QhIQ=="]
    let answer = await bench.send(.get, "/account/get-balance", more: basic)
    #expect(answer.status == .ok)
    #expect(String(decoding: answer.body, as: UTF8.self) == #"{"value":10.28,"autoReload":false}"#)
    let query = "api_key=abcd1234&api_secret=Sup3rS3cr3t!!"
    #expect(await bench.send(.get, "/account/get-balance", query: query).status == .ok)
  }

  @Test(arguments: ["", "api_key=abcd1234&api_secret=x", "api_key=x&api_secret=Sup3rS3cr3t!!", "api_key=%"])
  func `is told to nobody else`(query: String) async {
    let answer = await TestBench().send(.get, "/account/get-balance", query: query)
    #expect(answer.status == (query == "api_key=%" ? .badRequest : .unauthorized))
  }

  @Test func `is read and not posted`() async {
    #expect(await TestBench().send(.post, "/account/get-balance").status == .methodNotAllowed)
  }
}
