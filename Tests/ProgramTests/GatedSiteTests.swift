import Gate
import Gateway
import HTTPTypes
import Limits
import Testing
import Threads
import Tokens
import Verification

@testable import Program

/// The gate's questions need nothing of a site but its key.
@Suite struct `A site with a gate` {
  private static let settings = [
    "VONAGE_API_KEY": "abcd1234", "VONAGE_API_SECRET": "s3cret", "VONAGE_BRAND_NAME": "Example Shop",
    "PINGATE_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=", "PINGATE_HOME_COUNTRY": "US",
    "PINGATE_STORE": "sqlite:/nowhere/pingate.sqlite", "PINGATE_GATE": "on", "PINGATE_SITE": "www.example.com",
  ]

  private static func request(_ more: [String: String]) throws -> Request {
    let settings = try Settings(SettingsSource(environment: Self.settings))
    let number = try #require(PhoneNumber(e164: "12025550143"))
    let gate = Gate(
      try #require(settings.site.gate), keyring: settings.site.keyring, site: settings.site.identity)
    let token = try #require(
      gate.trialProof(for: number, of: nil, purpose: "", life: .seconds(60), at: SiteContext.wallClock()))
    let parameters = [
      "REQUEST_METHOD": "GET", "HTTPS": "on", "HTTP_HOST": "www.example.com",
      "HTTP_COOKIE": "\(Gate.cookieName(for: "", isSecure: true))=\(token)",
    ].merging(more) { $1 }
    return Request(parameters: Parameters(parameters.map { (name: $0.key, value: $0.value) }), body: .bytes([]))
  }

  private static let questions: [([String: String], Int)] = [
    (["SCRIPT_NAME": "/check"], 204), (["SCRIPT_NAME": "/check", "HTTP_COOKIE": ""], 401),
    (["SCRIPT_NAME": "/check", "HTTP_COOKIE": "__Host-Http-pingate=x.y.z"], 401),
    (["PINGATE_ROLE": "authorizer", "SCRIPT_NAME": "/private/"], 200),
    (["PINGATE_ROLE": "authorizer", "SCRIPT_NAME": "/private/", "HTTP_COOKIE": ""], 401),
    (["SCRIPT_NAME": "/enter", "HTTP_COOKIE": "", "HTTP_SEC_FETCH_MODE": "navigate", "PINGATE_RETURN": "/a"], 303),
    (["SCRIPT_NAME": "/jwks.json", "HTTP_COOKIE": ""], 200),
  ]

  @Test(arguments: questions)
  func `answers its gate’s questions at once, and asks neither the rest of the site nor a store`(
    _ more: [String: String], _ status: Int
  ) async throws {
    let opened = Locked(0)
    let settings = try Settings(SettingsSource(environment: Self.settings))
    let context = try SiteContext.first(
      settings, opening: .whenUsed,
      openStore: { _, _, _ throws(StoreFailure) in
        opened.with { $0 += 1 }
        throw StoreFailure(.unavailable, "none is wanted")
      }, log: Lines().logger)
    let request = try Self.request(more)
    #expect(context.responder.immediateResponse(to: request)?.status.code == status)
    let gate = try #require(context.responder as? GatedSite)
    let alone = GatedSite(gate: gate.gate, site: Unasked(), clock: gate.clock)
    #expect(alone.immediateResponse(to: request)?.status.code == status)
    let count = opened.with { $0 }
    #expect(count == 0)
    // A form needs it.
    let form = Request(
      parameters: Parameters(
        [
          "REQUEST_METHOD": "POST", "SCRIPT_NAME": "/register", "HTTPS": "on", "HTTP_HOST": "www.example.com",
          "HTTP_SEC_FETCH_SITE": "same-origin", "CONTENT_TYPE": "application/x-www-form-urlencoded",
        ].map { (name: $0.key, value: $0.value) }), body: .bytes(Array("number=%2B12025550143".utf8)))
    #expect(await context.responder.respond(to: form).status.code == 503)
    let countOfForm = opened.with { $0 }
    #expect(countOfForm > 0)
    await context.end(within: .zero)
  }
}

/// A site that nobody may ask.
private struct Unasked: Responder {
  func immediateResponse(to request: Request) -> Response? {
    Issue.record("the site was asked")
    return nil
  }

  func respond(to request: consuming Request) async -> Response {
    Issue.record("the site was asked")
    return Response(status: .internalServerError)
  }
}
