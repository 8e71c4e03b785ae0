import Curl
import Flow
import Limits
import Testing

@testable import Program

private func settings(_ more: [String: String]) throws(SettingsProblems) -> SiteSettings {
  var values = [
    "VONAGE_API_KEY": "key", "VONAGE_API_SECRET": "secret", "VONAGE_BRAND_NAME": "Acme",
    "PINGATE_KEY": KeyText.random(), "PINGATE_COUNTRIES": "US", "PINGATE_STORE": "sqlite:/tmp/pingate-none/x.sqlite",
  ]
  values.merge(more) { $1 }
  return try Settings(SettingsSource(environment: values)).site
}

private func problems(_ more: [String: String]) -> [String] {
  do {
    _ = try settings(more)
    return []
  } catch {
    return error.all.map(\.name)
  }
}

private let keys = ["PINGATE_CHALLENGE_SITE_KEY": "0x4AAA_b-c", "PINGATE_CHALLENGE_SECRET": "0x4AAA-secret"]

@Test func `strangers are asked for work where the owner says nothing else, and not where they say so`() throws {
  let usual = try settings([:])
  #expect(usual.flow.challenge == ChallengeSettings() && usual.widget == nil && usual.limits.challenge)
  let off = try settings(["PINGATE_CHALLENGE": "off"])
  #expect(off.flow.challenge == nil && !off.limits.challenge)
  #expect(problems(["PINGATE_CHALLENGE": "on"]) == ["PINGATE_CHALLENGE"])
}

@Test func `a third party needs both keys, and only its pages know where it is`() throws {
  for kind in ["turnstile", "hcaptcha"] {
    let choice = ["PINGATE_CHALLENGE": kind]
    #expect(problems(choice) == ["PINGATE_CHALLENGE_SITE_KEY", "PINGATE_CHALLENGE_SECRET"])
    #expect(problems(choice.merging(keys) { $1 }) == [])
    #expect(
      problems(choice.merging(keys) { $1 }.merging(["PINGATE_CHALLENGE_SITE_KEY": "a\"b"]) { $1 })
        == ["PINGATE_CHALLENGE_SITE_KEY"])
    for url in ["http://captcha.example", "https://captcha.example/path", "captcha.example"] {
      #expect(
        problems(choice.merging(keys) { $1 }.merging(["PINGATE_CHALLENGE_URL": url]) { $1 })
          == ["PINGATE_CHALLENGE_URL"], "\(url)")
    }
  }
  let turnstile = try settings(keys.merging(["PINGATE_CHALLENGE": "turnstile"]) { $1 })
  #expect(turnstile.widget?.url.text == "https://challenges.cloudflare.com/turnstile/v0/siteverify")
  #expect(turnstile.flow.challenge?.widget?.siteKey == "0x4AAA_b-c")
  let hcaptcha = try settings(keys.merging(["PINGATE_CHALLENGE": "hcaptcha"]) { $1 })
  #expect(hcaptcha.widget?.url.text == "https://api.hcaptcha.com/siteverify")
  let here = try settings(
    keys.merging(["PINGATE_CHALLENGE": "hcaptcha", "PINGATE_CHALLENGE_URL": "http://127.0.0.1:8080"]) { $1 })
  #expect(here.widget?.url.text == "http://127.0.0.1:8080/siteverify")
}

@Test func `how soon a form is a robot's is the owner's to say`() throws {
  #expect(try settings([:]).flow.fastestForm == .seconds(1))
  #expect(try settings(["PINGATE_FASTEST_FORM": "0"]).flow.fastestForm == .zero)
  #expect(problems(["PINGATE_FASTEST_FORM": "11"]) == ["PINGATE_FASTEST_FORM"])
}
