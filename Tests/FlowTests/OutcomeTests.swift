import Gateway
import HTTPTypes
import Logging
import Testing
import Verification

@testable import Flow
@testable import Pages

@Test(arguments: Outcome.all)
func `each outcome has one row with words, a plausible status and a severity`(outcome: Outcome) {
  let row = OutcomeRow(outcome)
  let words = Catalog.english
  let texts = row.page.message.map { words.messages[$0] ?? [] } ?? []
  if case .status(_, let key, _) = row.page { #expect((1...2).contains(words.page(key).paragraphs.count)) }
  let provider = /(?i)vonage|nexmo|twilio|api|status|credential|quota|throttl|workflow|request_id/
  for text in texts {
    #expect(!text.isEmpty)
    #expect(text.firstMatch(of: provider) == nil, "\(text)")
  }
  #expect(
    [200, 400, 401, 403, 404, 405, 409, 410, 411, 413, 415, 422, 429, 500, 502, 503, 504].contains(row.status.code))
  #expect(row.code.wholeMatch(of: /[a-z]+\.[a-z_]+/) != nil)
}

@Test func `each row has its own code in the log`() {
  let codes = Outcome.all.map { OutcomeRow($0).code }
  #expect(Set(codes).count == codes.count)
  #expect(Set(Outcome.all).count == Outcome.all.count)
}

@Test(arguments: Outcome.all)
func `a 503 says when to come back, and so does a message of which nobody knows, and nothing else`(outcome: Outcome) {
  let row = OutcomeRow(outcome)
  let isLost =
    switch outcome {
    case .startFailed(let kind), .resendFailed(let kind): !VerifierFailure(kind, detail: "").isCertainlyNotSent
    case .sendLost: true
    default: false
    }
  #expect(
    (row.retryAfter != nil)
      == (isLost || row.status == .serviceUnavailable || row.status == .tooManyRequests))
}

@Test(arguments: VerifierFailure.Kind.allCases)
func `a failure of the provider is a gateway's failure, and logged so that somebody sees it`(
  kind: VerifierFailure.Kind
) {
  for outcome in [Outcome.startFailed(kind), .resendFailed(kind), .checkFailed(kind)] {
    let row = OutcomeRow(outcome)
    #expect([502, 503, 504].contains(row.status.code))
    #expect(row.severity >= .warning)
    #expect(row.code.hasSuffix("." + kind.rawValue))
  }
}

@Test(arguments: [
  VerifierFailure.Kind.badCredentials, .accountBarred, .quotaExceeded, .notPermitted, .featureNotEnabled,
  .invalidRequest,
  .untrustedCertificate, .unknownStatus,
])
func `the owner's fault is loud in the log and not the visitor's`(kind: VerifierFailure.Kind) {
  for outcome in [Outcome.startFailed(kind), .resendFailed(kind), .checkFailed(kind)] {
    let row = OutcomeRow(outcome)
    #expect(row.severity == .critical)
    #expect(row.page == .status(.failure, .unavailable, .startAgain))
    #expect(Catalog.english.page(.unavailable).title == "Not available right now")
  }
}

@Test(arguments: Outcome.all)
func `each outcome makes a whole page with its way on`(outcome: Outcome) throws {
  let context = RequestContext(.html)
  context.arguments.number = "+1 202 555 0143"
  let conclusion = Concluder(log: RecordedLog().logger()).conclude(outcome, context)
  let response = Pages(brand: Brand(name: "Acme")).response(to: conclusion)
  let text = response.text
  #expect(text.matches(of: /<h1>/).count == 1 && text.matches(of: /<h1>[^<]+<\/h1>/).count == 1)
  #expect(text.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
  #expect(text.hasSuffix("</html>\n"))
  #expect(text.contains("<form method=\"post\"") || text.contains("class=\"button\" href="))
  let isError: Bool
  switch conclusion.row.page {
  // Nothing went wrong with who is asked for something first, or waits.
  case .challengeForm(_, let notice), .lineForm(_, let notice): isError = notice.kind != .news
  default: isError = response.status.code >= 400
  }
  #expect(response.title?.hasPrefix("Error: ") == isError)
  #expect(response.title?.hasSuffix(" – Acme") == true)
  for placeholder in Placeholder.allCases { #expect(!text.contains(placeholder.marker)) }
}

@Test(arguments: Outcome.all, [Logger.Level.trace, .info, .error, .critical])
func `a reference on a page is in the log`(outcome: Outcome, level: Logger.Level) throws {
  let log = RecordedLog()
  let conclusion = Concluder(log: log.logger(level: level)).conclude(outcome, as: .html)
  let text = Pages(brand: Brand()).response(to: conclusion).text
  let shown = text.firstMatch(of: /<code>([^<]*)<\/code>/).map { String($0.1) }
  if let shown { #expect(log.lines.map { $0.metadata["exchange"] } == [shown]) }
  // And what is the site's fault has one at the level that the program logs at by itself.
  if level == .info, case .status(.failure, _, _) = OutcomeRow(outcome).page { #expect(shown != nil) }
}
