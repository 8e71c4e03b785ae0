import Crypto
import Gate
import Testing
import Tokens
import Verification

@testable import Program

@Suite struct `The settings of the gate` {
  private func gate(_ environment: [String: String], identity: String = "www.example.com") -> (GateSettings?, [String])
  {
    var reader = SettingsReader(SettingsSource(environment: ["PINGATE_GATE": "on"].merging(environment) { $1 }))
    let gate = SiteSettings.gate(&reader, identity: identity)
    return (gate, reader.problems.map(\.name))
  }

  @Test func `are off until they are on`() {
    #expect(gate(["PINGATE_GATE": ""]).0 == nil && gate(["PINGATE_GATE": "off"]).0 == nil)
    #expect(gate(["PINGATE_GATE": "yes"]).1 == ["PINGATE_GATE"])
    #expect(gate([:]).0 != nil)
  }

  @Test func `have defaults that need nothing`() throws {
    let (gate, problems) = gate([:], identity: "Müller & Söhne’s")
    let settings = try #require(gate)
    #expect(problems.isEmpty && settings.algorithm == .es256 && settings.sharedKeys.isEmpty)
    #expect(settings.issuer == "pingate" && settings.audience == "M-ller-&-S-hne-s")
    #expect(settings.life == .seconds(43_200) && settings.rememberedLife == .seconds(2_592_000))
    #expect(settings.validSince == nil && !settings.allowsPlainHTTP && settings.returnHosts.isEmpty)
    #expect(!settings.showsRedirects)
  }

  @Test(arguments: [
    ("90", 90), ("90s", 90), ("15m", 900), ("12h", 43_200), ("30d", 2_592_000), ("400d", 34_560_000), ("60", 60),
  ])
  func `take times with a unit`(text: String, seconds: Int) {
    #expect(gate(["PINGATE_PROOF_LIFE": text]).0?.life == .seconds(seconds))
  }

  @Test(arguments: ["", "0", "59", "401d", "12 h", "h", "-1h", "1.5h", "12H", "9999999999", "１２h"])
  func `refuse times that are none`(text: String) {
    #expect(gate(["PINGATE_PROOF_LIFE": text]).1 == (text.isEmpty ? [] : ["PINGATE_PROOF_LIFE"]))
  }

  @Test func `offer no longer life where it is zero`() {
    let (gate, problems) = gate(["PINGATE_REMEMBER_LIFE": "0"])
    #expect(gate != nil && gate?.rememberedLife == nil && problems.isEmpty)
  }

  @Test(arguments: [
    ("2026-11-30T12:00:00Z", 1_796_040_000), ("2026-11-30T13:00:00+01:00", 1_796_040_000),
    ("1796040000", 1_796_040_000),
  ])
  func `take a time since which proofs count`(text: String, seconds: Int64) {
    #expect(gate(["PINGATE_PROOF_SINCE": text]).0?.validSince == Timestamp(secondsSinceEpoch: seconds))
  }

  @Test(arguments: ["yesterday", "2026-11-30", "-1", "2026-13-30T12:00:00Z"])
  func `refuse one that is none`(text: String) {
    #expect(gate(["PINGATE_PROOF_SINCE": text]).1 == ["PINGATE_PROOF_SINCE"])
  }

  @Test func `have a shared key with HS256 only, and a long one`() {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
    let (gate, problems) = gate(["PINGATE_PROOF_ALG": "HS256", "PINGATE_PROOF_KEY": "\(key) \(key)"])
    #expect(problems.isEmpty && gate?.sharedKeys.count == 2)
    #expect(self.gate(["PINGATE_PROOF_KEY": key]).1 == ["PINGATE_PROOF_KEY"])
    for short in ["AAECAw==", "secret", String(key.dropFirst(4))] {
      #expect(self.gate(["PINGATE_PROOF_ALG": "HS256", "PINGATE_PROOF_KEY": short]).1 == ["PINGATE_PROOF_KEY"])
    }
    #expect(self.gate(["PINGATE_PROOF_ALG": "none"]).1 == ["PINGATE_PROOF_ALG"])
  }

  @Test func `keep the cookie short`() {
    let host = String(repeating: "a", count: 37)
    #expect(gate(["PINGATE_PROOF_AUDIENCE": host]).1.isEmpty)
    #expect(gate(["PINGATE_PROOF_AUDIENCE": host + "a"]).1 == ["PINGATE_PROOF_AUDIENCE"])
    #expect(
      gate(["PINGATE_PROOF_ISSUER": "https://www.example.com", "PINGATE_PROOF_AUDIENCE": "www.example.com"]).1.isEmpty)
    #expect(gate(["PINGATE_PROOF_AUDIENCE": "a\"b"]).1 == ["PINGATE_PROOF_AUDIENCE"])
    #expect(gate([:], identity: String(repeating: "x", count: 100)).0?.audience.utf8.count == 37)
  }

  @Test func `name hosts as they stand in addresses`() {
    let (gate, problems) = gate(["PINGATE_RETURN_HOSTS": "www.example.com, shop.example.com:8443 [::1]:8080"])
    #expect(problems.isEmpty && gate?.returnHosts == ["www.example.com", "shop.example.com:8443", "[::1]:8080"])
    for wrong in [
      "https://www.example.com", "WWW.example.com", "a.example/", "*.example.com", "a@b", "a.example:443", ",",
    ] {
      #expect(self.gate(["PINGATE_RETURN_HOSTS": wrong]).1 == ["PINGATE_RETURN_HOSTS"], "\(wrong)")
    }
  }
}
