import Curl
import Testing
import VonageV1

struct SettingsTests {
  private func problems(
    apiKey: String = "abcd1234", apiSecret: String = "Sup3rS3cr3t!!", brand: String = "Acme Inc",
    url: String = VonageSettings.usualURL, workflowID: Int? = nil, pinExpiry: Duration? = nil,
    nextEventWait: Duration? = nil, senderID: String? = nil
  ) -> [VonageSettings.Field] {
    do throws(VonageSettings.Invalid) {
      _ = try VonageSettings(
        apiKey: apiKey, apiSecret: apiSecret, brand: brand, url: url, workflowID: workflowID, pinExpiry: pinExpiry,
        nextEventWait: nextEventWait, senderID: senderID)
      return []
    } catch {
      return error.problems.map(\.field)
    }
  }

  @Test func `what has to be there is enough`() {
    #expect(problems() == [])
  }

  @Test func `a brand has 1 to 18 letters, digits and blanks`() {
    for brand in ["A", String(repeating: "a", count: 18), "Ärzte 24", "東京"] {
      #expect(problems(brand: brand) == [])
    }
    for brand in ["", " ", String(repeating: "a", count: 19), "a\nb", "a\u{0}", "Bob's", "A&B", "😀"] {
      #expect(problems(brand: brand) == [.brand])
    }
  }

  @Test func `a sender has 1 to 11 letters and digits`() {
    #expect(problems(senderID: "A") == [])
    #expect(problems(senderID: "ABCDEFGHIJ1") == [])
    for sender in ["", "ABCDEFGHIJ12", "A B", "É"] {
      #expect(problems(senderID: sender) == [.senderID])
    }
  }

  @Test func `a workflow is 1 to 7`() {
    for id in 1...7 { #expect(problems(workflowID: id) == []) }
    for id in [-1, 0, 8] { #expect(problems(workflowID: id) == [.workflowID]) }
  }

  @Test func `a PIN is good for 60 to 600 seconds`() {
    for seconds in [60, 61, 600] { #expect(problems(pinExpiry: .seconds(seconds)) == []) }
    for seconds in [-60, 0, 59, 601] { #expect(problems(pinExpiry: .seconds(seconds)) == [.pinExpiry]) }
    #expect(problems(pinExpiry: .milliseconds(60_500)) == [.pinExpiry])
  }

  @Test func `the next event comes after 60 to 900 seconds`() {
    for seconds in [60, 61, 900] { #expect(problems(nextEventWait: .seconds(seconds)) == []) }
    for seconds in [-60, 0, 59, 901] { #expect(problems(nextEventWait: .seconds(seconds)) == [.nextEventWait]) }
    #expect(problems(nextEventWait: .milliseconds(60_500)) == [.nextEventWait])
  }

  @Test func `the life of a PIN is a multiple of the wait`() {
    #expect(problems(pinExpiry: .seconds(120), nextEventWait: .seconds(120)) == [])
    #expect(problems(pinExpiry: .seconds(360), nextEventWait: .seconds(120)) == [])
    #expect(problems(pinExpiry: .seconds(300), nextEventWait: .seconds(120)) == [.pinExpiry])
    #expect(problems(pinExpiry: .seconds(60), nextEventWait: .seconds(120)) == [.pinExpiry])
    // One complaint is enough.
    #expect(problems(pinExpiry: .seconds(300), nextEventWait: .seconds(0)) == [.nextEventWait])
  }

  @Test func `the key and the secret are there and can be sent`() {
    for key in ["", "a:b", "a b", "a\n", "é", String(repeating: "a", count: 65)] {
      #expect(problems(apiKey: key) == [.apiKey])
    }
    for secret in ["", "a\n", "a\0", String(repeating: "a", count: 257)] {
      #expect(problems(apiSecret: secret) == [.apiSecret])
    }
  }

  @Test func `the address is https, or this machine`() {
    for url in ["https://api.nexmo.com/", "http://127.0.0.1:8080", "http://localhost"] {
      #expect(problems(url: url) == [])
    }
    for url in ["", "http://api.nexmo.com", "ftp://127.0.0.1", "https://u:p@api.nexmo.com", "https://api.nexmo.com?a"] {
      #expect(problems(url: url) == [.url])
    }
  }

  @Test func `all that is wrong is told at once, and no secret with it`() throws {
    let all = problems(
      apiKey: "", apiSecret: "", brand: "", url: "", workflowID: 0, pinExpiry: .zero, nextEventWait: .zero,
      senderID: "")
    #expect(Set(all) == Set(VonageSettings.Field.allCases))
    #expect(all.count == VonageSettings.Field.allCases.count)
    let invalid = #expect(throws: VonageSettings.Invalid.self) {
      try VonageSettings(apiKey: "the key", apiSecret: "the secret\n", brand: "Acme")
    }
    var dumped = ""
    dump(try #require(invalid), to: &dumped)
    #expect(!dumped.contains("the key") && !dumped.contains("the secret"))
  }
}
