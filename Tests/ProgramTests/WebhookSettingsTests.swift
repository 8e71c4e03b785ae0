import Testing
import Tokens

@testable import Program

private func problems(_ more: [String: String]) -> [String] {
  var values = [
    "VONAGE_API_KEY": "key", "VONAGE_API_SECRET": "secret", "VONAGE_BRAND_NAME": "Acme", "PINGATE_GATE": "on",
    "PINGATE_KEY": KeyText.random(), "PINGATE_COUNTRIES": "US", "PINGATE_STORE": "sqlite:/tmp/pingate-none/x.sqlite",
  ]
  values.merge(more) { $1 }
  let names = [
    SettingName.webhookURL, .webhookSecret, .returnToken, .redeemSecret,
  ].map(\.rawValue)
  do {
    _ = try Settings(SettingsSource(environment: values))
    return []
  } catch {
    return error.all.map(\.name).filter(names.contains)
  }
}

private let url = "http://127.0.0.1:9/hook"

@Test func `a webhook needs a secret and the gate, in the forms that others make secrets in`() {
  #expect(problems(["PINGATE_WEBHOOK_URL": url]) == ["PINGATE_WEBHOOK_SECRET"])
  #expect(problems(["PINGATE_WEBHOOK_URL": url, "PINGATE_WEBHOOK_SECRET": KeyText.random()]) == [])
  let two = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw \(KeyText.random())"
  #expect(problems(["PINGATE_WEBHOOK_URL": url, "PINGATE_WEBHOOK_SECRET": two]) == [])
  for wrong in ["short", "whsec_AAAA", "MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaS"] {
    #expect(problems(["PINGATE_WEBHOOK_URL": url, "PINGATE_WEBHOOK_SECRET": wrong]) == ["PINGATE_WEBHOOK_SECRET"])
  }
  #expect(
    problems(["PINGATE_WEBHOOK_URL": "http://shop.example/", "PINGATE_WEBHOOK_SECRET": KeyText.random()])
      == ["PINGATE_WEBHOOK_URL"])
  #expect(
    problems(["PINGATE_WEBHOOK_URL": url, "PINGATE_WEBHOOK_SECRET": KeyText.random(), "PINGATE_GATE": "off"])
      == ["PINGATE_WEBHOOK_URL"])
}

@Test func `return tokens need a secret that nobody guesses, and the gate`() {
  let secret = String(repeating: "a", count: 32)
  #expect(problems(["PINGATE_REDEEM_SECRET": secret]) == [])
  #expect(problems(["PINGATE_REDEEM_SECRET": secret, "PINGATE_RETURN_TOKEN": "on"]) == [])
  #expect(problems(["PINGATE_RETURN_TOKEN": "on"]) == ["PINGATE_RETURN_TOKEN"])
  #expect(problems(["PINGATE_RETURN_TOKEN": "yes"]) == ["PINGATE_RETURN_TOKEN"])
  for wrong in [String(secret.dropLast()), secret + " b", secret + ",", String(repeating: "a", count: 257)] {
    #expect(problems(["PINGATE_REDEEM_SECRET": wrong]) == ["PINGATE_REDEEM_SECRET"])
  }
  #expect(
    problems(["PINGATE_REDEEM_SECRET": secret, "PINGATE_RETURN_TOKEN": "on", "PINGATE_GATE": "off"])
      == ["PINGATE_RETURN_TOKEN"])
}
