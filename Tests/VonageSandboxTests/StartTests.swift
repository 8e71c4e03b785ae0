import HTTPTypes
import Testing

@testable import VonageSandbox

@Suite struct StartTests {
  @Test func `a start answers with 32 lower-case hexadecimal digits and sends one message`() async throws {
    let bench = TestBench()
    let reply = await bench.start()
    #expect(reply.verdict == "0")
    #expect(reply.object.count == 2)
    let id = try #require(reply["request_id"])
    #expect(id.wholeMatch(of: /[0-9a-f]{32}/) != nil)
    let message = try #require(bench.reported.first)
    #expect(bench.reported.count == 1)
    #expect(message.to == "447700900000")
    #expect(message.requestID == id)
    #expect(message.channel == .sms)
    #expect(message.from == "VERIFY")
    #expect(message.lg == "en-us")
    #expect(message.pin.wholeMatch(of: /[0-9]{4}/) != nil)
    #expect(message.text == "Acme Inc code: \(message.pin). Valid for 5 minutes.")
    #expect(message.at == "2026-01-01T00:00:00Z")
  }

  @Test func `what is missing is named before what is wrong`() async {
    let bench = TestBench()
    let missing = "2 Your request is incomplete and missing the mandatory parameter: "
    #expect(await bench.call("json", [("brand", "Acme"), ("lg", "xx")]).verdict == missing + "number")
    #expect(await bench.call("json", [("number", ""), ("brand", "Acme")]).verdict == missing + "number")
    #expect(await bench.call("json", [("number", "x")]).verdict == missing + "brand")
    #expect(await bench.call("json", [("number", "x"), ("brand", "")]).verdict == missing + "brand")
    #expect(bench.reported.isEmpty)
  }

  @Test(arguments: [
    ("1234567", true), ("123456", false), ("123456789012345", true), ("1234567890123456", false),
    ("+447700900000", false), ("0447700900000", false), ("00447700900000", false), ("44 7700 900000", false),
    ("44770090000a", false), ("४४७७००९०००००", false),
  ])
  func `a number without a country is 7 to 15 digits, not beginning with 0`(number: String, isRight: Bool) async {
    let verdict = await TestBench().start(number).verdict
    #expect(verdict == (isRight ? "0" : "3 Invalid value for param: number"))
  }

  private static let tooLong = ". Parameter is too long."

  @Test(
    arguments: [
      ("country", "GB", nil), ("country", "gb", nil), ("country", "G", ""), ("country", "GBR", tooLong),
      ("country", "G1", ""), ("country", "QQ", ""), ("country", "", ""),
      ("sender_id", "ACME4567890", nil), ("sender_id", "ACME45678901", tooLong), ("sender_id", "", ""),
      ("sender_id", "AC ME", ""), ("sender_id", "A", nil),
      ("code_length", "4", nil), ("code_length", "6", nil), ("code_length", "5", ". The allowed values are 4 and 6."),
      ("code_length", "3", ". The allowed values are 4 and 6."),
      ("code_length", "7", ". The allowed values are 4 and 6."),
      ("code_length", "six", ". The allowed values are 4 and 6."),
      ("code_length", "06", ". The allowed values are 4 and 6."),
      ("lg", "en-gb", nil), ("lg", "fil-ph", nil), ("lg", "en-GB", ""), ("lg", "en", ""), ("lg", "bg-bg", ""),
      ("pin_expiry", "60", nil), ("pin_expiry", "59", ""), ("pin_expiry", "3600", nil), ("pin_expiry", "3601", ""),
      ("pin_expiry", "060", ""), ("pin_expiry", "+60", ""), ("pin_expiry", "60.0", ""), ("pin_expiry", "", ""),
      ("next_event_wait", "60", nil), ("next_event_wait", "59", ""), ("next_event_wait", "900", nil),
      ("next_event_wait", "901", ""),
      ("workflow_id", "1", nil), ("workflow_id", "7", nil), ("workflow_id", "0", ""), ("workflow_id", "8", ""),
      ("pin_code", "123", ""), ("pin_code", "12345678901", tooLong), ("pin_code", "12 34", ""),
    ] as [(String, String, String?)])
  func `each parameter has its bounds`(name: String, value: String, refusal: String?) async {
    let number = name == "country" ? "07700900000" : "447700900000"
    let verdict = await TestBench().start(number, (name, value)).verdict
    #expect(verdict == (refusal.map { "3 Invalid value for param: \(name)\($0)" } ?? "0"))
  }

  @Test(
    arguments: [
      ("Acme Inc", nil), ("123456789012345678", nil), ("1234567890123456789", tooLong), ("Müller 2", nil),
      ("Acme & Co", ""), ("<b>", ""), ("   ", ""),
    ] as [(String, String?)])
  func `a brand has at most 18 letters, digits and blanks`(brand: String, refusal: String?) async {
    let verdict = await TestBench().call("json", [("number", "447700900000"), ("brand", brand)]).verdict
    #expect(verdict == (refusal.map { "3 Invalid value for param: brand\($0)" } ?? "0"))
  }

  @Test func `unknown and repeated parameters are status 3`() async {
    let bench = TestBench()
    #expect(await bench.start("447700900000", ("nmber", "1")).verdict == "3 Invalid parameter found: nmber")
    #expect(
      await bench.start("447700900000", ("number", "447700900000")).verdict == "3 Invalid value for param: number")
    let query = "lg=en-gb"
    let body = TestBench.form([
      ("api_key", "abcd1234"), ("api_secret", "Sup3rS3cr3t!!"), ("number", "447700900000"), ("brand", "A"),
      ("lg", "en-gb"),
    ])
    let reply = Reply(await bench.send(.post, "/verify/json", query: query, body: body))
    #expect(reply.verdict == "3 Invalid value for param: lg")
    #expect(bench.reported.isEmpty)
  }

  @Test func `the specification's 39 languages are all there`() {
    #expect(StartOrder.languages.count == 39)
  }

  @Test(arguments: [("4", 4), ("6", 6)])
  func `the code has the length that was asked for`(length: String, digits: Int) async {
    let bench = TestBench()
    _ = await bench.start("447700900000", ("code_length", length))
    #expect(bench.reported.first?.pin.utf8.count == digits)
  }

  @Test func `a code of one's own is status 20 unless the account may`() async throws {
    let refused = TestBench()
    #expect(
      await refused.start("447700900000", ("pin_code", "AKFG-3424")).verdict
        == "20 This account does not support the parameter: pin_code.")
    #expect(refused.reported.isEmpty)

    let bench = TestBench { $0.allowsPinCode = true }
    for (index, pin) in ["1234", "AKFG-34245"].enumerated() {
      let running = try await bench.started("44770090000\(index)", ("pin_code", pin))
      #expect(running.pin == pin)
      #expect(await bench.check(running.id, pin).verdict == "0")
    }
  }

  @Test func `a wrong value goes before the missing right to a code of one's own, and that before a barred account`()
    async
  {
    let bench = TestBench()
    #expect(await bench.start("12025550108", ("pin_code", "1")).verdict == "3 Invalid value for param: pin_code")
    #expect(await bench.start("12025550108", ("pin_code", "1234")).verdict.hasPrefix("20 "))
    #expect(await bench.start("12025550105", ("pin_code", "1234")).verdict == "5 Internal Error")
    #expect(await bench.start("12025550108").verdict.hasPrefix("8 "))
  }

  @Test func `a second start for the same number is refused with the running request's id`() async throws {
    let bench = TestBench()
    let running = try await bench.started()
    let second = await bench.start()
    #expect(second.verdict == "10 Concurrent verifications to the same number are not allowed")
    #expect(second["request_id"] == running.id)
    #expect(await bench.start("447700900001").verdict == "0")
    #expect(bench.reported.count == 2)
    #expect(await bench.check(running.id, running.pin).verdict == "0")
    #expect(await bench.start().verdict == "0")
  }

  @Test func `a national and an international form are one number`() async throws {
    let bench = TestBench()
    let running = try await bench.started("447700900000")
    let second = await bench.start("07700 900000", ("country", "GB"))
    #expect(second["request_id"] == running.id)
  }

  @Test func `one thousand starts of one number at once send exactly one message`() async throws {
    let bench = TestBench()
    let verdicts = await withTaskGroup(of: String.self) { group in
      for _ in 0..<1000 { group.addTask { await bench.start().verdict } }
      return await group.reduce(into: [:]) { $0[String($1.prefix(2)), default: 0] += 1 }
    }
    #expect(verdicts == ["0": 1, "10": 999])
    #expect(bench.reported.count == 1)
    #expect(try await bench.statistics().messages == 1)
  }
}
