import Gateway
import HTTPTypes
import Logging
import Testing
import Verification

@testable import Flow

@Test(arguments: Ending.all)
func `each ending has one row with words, a plausible status and a severity`(ending: Ending) {
  let verdict = Verdict(ending)
  let texts: [String]
  switch verdict.words {
  case .numberForm(let message): texts = [message.text]
  case .pinForm(let message): texts = message.map { [$0.text] } ?? []
  case .callForm, .choiceForm: texts = []
  case .page(_, let title, let paragraphs, _):
    texts = [title] + paragraphs
    #expect((1...2).contains(paragraphs.count))
  }
  let provider = /(?i)vonage|nexmo|twilio|api|status|credential|quota|throttl|workflow|request_id/
  for text in texts {
    #expect(!text.isEmpty)
    #expect(text.firstMatch(of: provider) == nil, "\(text)")
  }
  #expect(
    [200, 400, 403, 404, 405, 409, 410, 411, 413, 415, 422, 429, 500, 502, 503, 504].contains(verdict.status.code))
  #expect(verdict.code.wholeMatch(of: /[a-z]+\.[a-z_]+/) != nil)
}

@Test func `each row has its own code in the log`() {
  let codes = Ending.all.map { Verdict($0).code }
  #expect(Set(codes).count == codes.count)
  #expect(Set(Ending.all).count == Ending.all.count)
}

@Test(arguments: Ending.all)
func `a 503 says when to come back, and so does a message of which nobody knows, and nothing else`(ending: Ending) {
  let verdict = Verdict(ending)
  let isLost =
    switch ending {
    case .startFailed(let kind), .resendFailed(let kind): !VerifierFailure(kind, detail: "").isCertainlyNotSent
    case .sendLost: true
    default: false
    }
  #expect(
    (verdict.retryAfter != nil)
      == (isLost || verdict.status == .serviceUnavailable || verdict.status == .tooManyRequests))
}

@Test(arguments: VerifierFailure.Kind.allCases)
func `a failure of the provider is a gateway's failure, and logged so that somebody sees it`(
  kind: VerifierFailure.Kind
) {
  for ending in [Ending.startFailed(kind), .resendFailed(kind), .checkFailed(kind)] {
    let verdict = Verdict(ending)
    #expect([502, 503, 504].contains(verdict.status.code))
    #expect(verdict.severity >= .warning)
    #expect(verdict.code.hasSuffix("." + kind.rawValue))
  }
}

@Test(arguments: [
  VerifierFailure.Kind.badCredentials, .accountBarred, .quotaExceeded, .notPermitted, .invalidRequest,
  .untrustedCertificate, .unknownStatus,
])
func `the owner's fault is loud in the log and not the visitor's`(kind: VerifierFailure.Kind) {
  for ending in [Ending.startFailed(kind), .resendFailed(kind), .checkFailed(kind)] {
    let verdict = Verdict(ending)
    #expect(verdict.severity == .critical)
    guard case .page(.failure, let title, _, .startAgain) = verdict.words else {
      Issue.record("\(verdict.words)")
      continue
    }
    #expect(title == "Not available right now")
  }
}

@Test(arguments: Ending.all)
func `each ending makes a whole page with its way on`(ending: Ending) throws {
  let answers = Answers(
    pages: Pages(brand: Brand(name: "Acme")), settings: SiteSettings(identity: "x"), forms: nil,
    log: RecordedLog().logger())
  var exchange = Exchange()
  exchange.writtenNumber = "+1 202 555 0143"
  exchange.token = "TOKEN"
  let response = answers.answer(ending, to: exchange)
  let text = response.text
  #expect(text.matches(of: /<h1>/).count == 1 && text.matches(of: /<h1>[^<]+<\/h1>/).count == 1)
  #expect(text.hasPrefix("<!doctype html>\n<html lang=\"en\">"))
  #expect(text.hasSuffix("</html>\n"))
  #expect(text.contains("<form method=\"post\"") || text.contains("class=\"button\" href="))
  let isError = response.status.code >= 400
  #expect(response.title?.hasPrefix("Error: ") == isError)
  #expect(response.title?.hasSuffix(" – Acme") == true)
  for hole in Hole.allCases { #expect(!text.contains(hole.marker)) }
}

@Test(arguments: Ending.all, [Logger.Level.trace, .info, .error, .critical])
func `a reference on a page is in the log`(ending: Ending, level: Logger.Level) throws {
  let log = RecordedLog()
  let answers = Answers(
    pages: Pages(brand: Brand()), settings: SiteSettings(identity: "x"), forms: nil, log: log.logger(level: level))
  let text = answers.answer(ending, to: Exchange()).text
  let shown = text.firstMatch(of: /<code>([^<]*)<\/code>/).map { String($0.1) }
  if let shown { #expect(log.lines.map { $0.metadata["exchange"] } == [shown]) }
  // And what is the site's fault has one at the level that the program logs at by itself.
  if level == .info, case .page(.failure, _, _, _) = Verdict(ending).words { #expect(shown != nil) }
}
