import Foundation
import HTTPTypes
import Logging
import Testing
import Verification

@testable import Flow
@testable import Pages

/// The whole table from outcome to answer, a row a line, as `Tests/FlowTests/outcomes.txt` has it: what a monitoring system,
/// a program that posts forms and a visitor rely on. Whoever changes a row on purpose writes the file anew:
/// `PINGATE_WRITE=1 swift test --filter FlowTests`.
@Test func `the table of outcomes is the one that is checked in`() throws {
  let rows = Outcome.all.map(line)
  let url = Repository.folder.appending(path: "Tests/FlowTests/outcomes.txt")
  let text = ([heading] + rows).joined(separator: "\n") + "\n"
  if Repository.isWriting { try text.write(to: url, atomically: true, encoding: .utf8) }
  let lines = try String(contentsOf: url, encoding: .utf8).split(separator: "\n").map(String.init)
  #expect(lines.first == heading)
  let known = Set(lines.dropFirst())
  for row in rows where !known.contains(row) { Issue.record("not in outcomes.txt: \(row)") }
  for line in known.subtracting(rows) { Issue.record("only in outcomes.txt: \(line)") }
  #expect(lines.count == rows.count + 1)
}

private let heading = "outcome | status | log code | severity | retry after | page | message | title or text"

private func line(_ outcome: Outcome) -> String {
  let row = OutcomeRow(outcome)
  let words = Catalog.english
  let (page, said): (String, String) =
    switch row.page {
    case .numberForm(let notice): ("number form, \(notice.kind)", words.notice(notice.key))
    case .pinForm(let notice):
      (notice.map { "PIN form, \($0.kind)" } ?? "PIN form", notice.map { words.notice($0.key) } ?? "-")
    case .userForm: ("user's form", words.text(.numberTitle))
    case .callForm: ("call form", words.text(.callTitle))
    case .choiceForm: ("choice form", words.text(.choicesTitle))
    case .challengeForm(let form, let notice): ("challenge of the \(form) form", words.notice(notice.key))
    case .lineForm(let form, let notice): ("line of the \(form) form", words.notice(notice.key))
    case .status(let severity, let key, let next): ("\(severity), \(next)", words.page(key).title)
    }
  let columns = [
    name(of: outcome), "\(row.status.code)", row.code, "\(row.severity)",
    row.retryAfter.map { "\($0.components.seconds)" } ?? "-", page, row.page.message?.rawValue ?? "-", said,
  ]
  return columns.joined(separator: " | ")
}

/// "startFailed(timedOut)", without the names of modules and types.
private func name(of outcome: Outcome) -> String {
  "\(outcome)".replacing(/([A-Z][A-Za-z0-9]*\.)+/, with: "")
}

/// The case of an outcome, without its values. The switch is whole: a new case must be named here, and then be in `all`.
private enum Case: CaseIterable {
  case userForm, userMissing
  case sent, alreadyRunning, repeated, numberMissing, numberUnfit, numberUnclear, numberRefused, destinationUnsupported
  case numberBlocked, landline, formTooOld, tooEarlyForNew, startFailed, sentAgain, tooEarlyAgain, resendExhausted
  case resendFailed, sendLimited, automated, challenged, challengedAgain, waitingInLine
  case stillSending, sendLost, notSent, givenUp, verified, pinMissing, pinUnreadable
  case severalPINs, wrongPIN, wrongOrOldPIN, tooManyWrongPINs, newerPIN, tryLimited, expired, used, ended
  case landlineRefused, providerChanged, foreignRequest, unbound, checkFailed, viewForeign, viewExpired, signedOut
  case redeemed, redeemUnauthorized, returnTokenForeign, returnTokenExpired, returnTokenUsed
  case storeFailed, notFound, methodNotAllowed, crossSite
  case originHidden, unsupportedType, tooLarge, lengthMissing, malformed, overloaded, notConfigured, malfunction

  init(_ outcome: Outcome) {
    self =
      switch outcome {
      case .userForm: .userForm
      case .userMissing: .userMissing
      case .sent: .sent
      case .alreadyRunning: .alreadyRunning
      case .repeated: .repeated
      case .numberMissing: .numberMissing
      case .numberUnfit: .numberUnfit
      case .numberUnclear: .numberUnclear
      case .numberRefused: .numberRefused
      case .destinationUnsupported: .destinationUnsupported
      case .numberBlocked: .numberBlocked
      case .landline: .landline
      case .landlineRefused: .landlineRefused
      case .formTooOld: .formTooOld
      case .tooEarlyForNew: .tooEarlyForNew
      case .startFailed: .startFailed
      case .sentAgain: .sentAgain
      case .tooEarlyAgain: .tooEarlyAgain
      case .resendExhausted: .resendExhausted
      case .resendFailed: .resendFailed
      case .sendLimited: .sendLimited
      case .automated: .automated
      case .challenged: .challenged
      case .challengedAgain: .challengedAgain
      case .waitingInLine: .waitingInLine
      case .stillSending: .stillSending
      case .sendLost: .sendLost
      case .notSent: .notSent
      case .givenUp: .givenUp
      case .verified: .verified
      case .pinMissing: .pinMissing
      case .pinUnreadable: .pinUnreadable
      case .severalPINs: .severalPINs
      case .wrongPIN: .wrongPIN
      case .wrongOrOldPIN: .wrongOrOldPIN
      case .tooManyWrongPINs: .tooManyWrongPINs
      case .newerPIN: .newerPIN
      case .tryLimited: .tryLimited
      case .expired: .expired
      case .used: .used
      case .ended: .ended
      case .foreignRequest: .foreignRequest
      case .unbound: .unbound
      case .providerChanged: .providerChanged
      case .checkFailed: .checkFailed
      case .viewForeign: .viewForeign
      case .viewExpired: .viewExpired
      case .signedOut: .signedOut
      case .redeemed: .redeemed
      case .redeemUnauthorized: .redeemUnauthorized
      case .returnTokenForeign: .returnTokenForeign
      case .returnTokenExpired: .returnTokenExpired
      case .returnTokenUsed: .returnTokenUsed
      case .storeFailed: .storeFailed
      case .notFound: .notFound
      case .methodNotAllowed: .methodNotAllowed
      case .crossSite: .crossSite
      case .originHidden: .originHidden
      case .unsupportedType: .unsupportedType
      case .tooLarge: .tooLarge
      case .lengthMissing: .lengthMissing
      case .malformed: .malformed
      case .overloaded: .overloaded
      case .notConfigured: .notConfigured
      case .malfunction: .malfunction
      }
  }
}

@Test func `every case of an outcome is in the table`() {
  #expect(Set(Outcome.all.map(Case.init)) == Set(Case.allCases))
}

@Test func `every message is said by a row`() {
  #expect(Set(Outcome.all.compactMap { OutcomeRow($0).page.message }) == Set(MessageKey.allCases))
}

/// The files of the repository, as tests find them.
enum Repository {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  /// Whether files that are made of the program's own tables are to be written anew.
  static let isWriting = ProcessInfo.processInfo.environment["PINGATE_WRITE"] == "1"
}
