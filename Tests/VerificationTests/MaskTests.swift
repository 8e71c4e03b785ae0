import Testing
import Verification

struct MaskTests {
  private let number = PhoneNumber(e164: "447700900012")!
  private let code = Code.typed("271828")!
  private let requestID = RequestID("abcdef0123456789abcdef0123456789", of: .vonageV1)!

  private func texts<Value>(of value: Value) -> [String] {
    var dumped = ""
    dump(value, to: &dumped)
    var printed = ""
    print(value, to: &printed)
    debugPrint(value, Optional(value) as Any, [value], to: &printed)
    let children = Mirror(reflecting: value).children.map { "\($0.value)" }
    return ["\(value)", String(reflecting: value), String(describing: Optional(value)), dumped, printed] + children
  }

  private func expectMasked(_ texts: [String]) {
    for text in texts {
      for secret in ["447700", "271828", "abcdef01234567"] { #expect(!text.contains(secret)) }
    }
  }

  @Test func `a number never shows itself`() { expectMasked(texts(of: number)) }
  @Test func `a code never shows itself`() { expectMasked(texts(of: code)) }
  @Test func `a request id never shows itself whole`() { expectMasked(texts(of: requestID)) }

  @Test func `what holds them does not show them either`() {
    let attempt = Attempt(requestID: requestID, number: number, startedAt: Timestamp(secondsSinceEpoch: 0), sends: 1)
    expectMasked(texts(of: attempt))
    expectMasked(texts(of: [number: code]))
    expectMasked(texts(of: (number, code, requestID)))
    expectMasked(texts(of: SendOutcome.alreadyRunning(requestID)))
  }
}
