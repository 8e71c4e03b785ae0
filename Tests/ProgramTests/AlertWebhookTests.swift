import Crypto
import Curl
import HTTPFixture
import Testing

@testable import Program

@Suite(.timeLimit(.minutes(2)))
struct `The owner's URL` {
  private let key = SymmetricKey(data: Array("0123456789abcdef".utf8))
  private let json = Array(#"{"a":1}"#.utf8)

  private func webhook(_ url: String) throws -> AlertWebhook {
    var configuration = Configuration()
    configuration.connectTimeout = .seconds(60)
    configuration.timeout = .seconds(60)
    return AlertWebhook(settings: .init(url: try ServiceURL(url), key: key), client: try Client(configuration))
  }

  @Test func `gets the alert as signed JSON`() async throws {
    let server = try HTTPFixture { _ in .answer("", status: 204) }
    #expect(try await webhook(server.url + "/alerts").deliver(json) == .delivered)
    let received = try #require(server.requests.first)
    #expect(received.method == "POST")
    #expect(received.target == "/alerts")
    #expect(received.body == json)
    #expect(received.field("Content-Type") == "application/json")
    let signature = try #require(received.field("PinGate-Signature"))
    let time = try #require(Int64(signature.split(separator: ",")[0].dropFirst(2)))
    #expect(signature == AlertWebhook.signature(of: json, at: time, key: key))
  }

  @Test(
    arguments: [
      (199 + 1, .delivered), (299, .delivered), (302, .refused("HTTP 302")), (404, .refused("HTTP 404")),
      (429, .failed("HTTP 429")), (499, .refused("HTTP 499")), (500, .failed("HTTP 500")),
    ] as [(Int, Delivery)])
  func `says by its status what became of it`(status: Int, delivery: Delivery) async throws {
    let server = try HTTPFixture { _ in .answer("", status: status) }
    #expect(try await webhook(server.url).deliver(json) == delivery)
  }

  @Test func `that is down is asked again`() async throws {
    let reserved = try ReservedPort()
    #expect(try await webhook("http://127.0.0.1:\(reserved.port)").deliver(json) == .failed("could_not_connect"))
  }
}
