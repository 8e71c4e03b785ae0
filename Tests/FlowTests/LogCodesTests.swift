import Foundation
import HTTPTypes
import Testing

@testable import Flow
@testable import Pages

private let document = Repository.folder.appending(path: "docs/log-codes.md")

@Test func `the document of log codes is made of the table and of the events`() throws {
  if Repository.isWriting { try text.write(to: document, atomically: true, encoding: .utf8) }
  let written = try String(contentsOf: document, encoding: .utf8)
  let codes = Set(written.matches(of: /\n\| `([a-z]+\.[A-Za-z_.]+)` \|/).map { String($0.1) })
  let known = Set(Outcome.all.map { OutcomeRow($0).code } + logEvents.map(\.code))
  #expect(known.subtracting(codes).sorted() == [], "missing in docs/log-codes.md")
  #expect(codes.subtracting(known).sorted() == [], "codes that do not exist")
  #expect(written == text, "PINGATE_WRITE=1 swift test --filter FlowTests writes it anew")
}

@Test func `no code means two things`() {
  let codes = Outcome.all.map { OutcomeRow($0).code } + logEvents.map(\.code)
  #expect(Dictionary(grouping: codes) { $0 }.filter { $1.count > 1 }.keys.sorted() == [])
}

@Test func `the sources log the events that are listed, and none besides`() throws {
  let sources = Repository.folder.appending(path: "Sources")
  let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
  var logged: Set<String> = []
  let level = "(?:trace|debug|info|notice|warning|error|critical)"
  let call = try Regex<(Substring, Substring)>(
    #"[^A-Za-z]log\.(?:\#(level)\(|log\(\s*level: [^"]*?,)\s*"([^"]*?)"[,)]"#)
  for case let file as URL in files where file.pathExtension == "swift" {
    for match in try String(contentsOf: file, encoding: .utf8).matches(of: call) {
      let code = String(match.1)
      if code.contains("\\(") {
        let codes = try #require(logEventPatterns[code], "\(code) of \(file.lastPathComponent) is not listed")
        logged.formUnion(codes)
      } else {
        logged.insert(code)
      }
    }
  }
  #expect(logged.symmetricDifference(logEvents.map(\.code)).sorted() == [])
}

private var text: String {
  let outcomes = Outcome.all.map { outcome in
    let row = OutcomeRow(outcome)
    return "| `\(row.code)` | \(row.severity) | \(row.status.code) | \(said(row)) |"
  }
  let events = logEvents.map { "| `\($0.code)` | \($0.level) | \($0.meaning) |" }
  return """
    # The codes in the log

    Each log line has a time, a level, a code and fields: `2026-11-24T22:11:35Z info start.sent exchange=6k2p1f0a …`. A
    code never changes its meaning, so use it for searches and alerts. `PINGATE_LOG_LEVEL` selects which lines are written.

    This file is generated from the program's own tables (`PINGATE_WRITE=1 swift test --filter FlowTests`).

    ## The outcome of a request

    One line per request, with `exchange` (the reference on a page that says that something is the site's fault), `status` and,
    if known, `number` (masked), `request` (the provider's id) and `detail`. `provider_code` is the provider's own code.

    | code | level | status | the visitor reads |
    |---|---|---|---|
    \(outcomes.sorted().joined(separator: "\n"))

    ## Everything else

    | code | level | meaning |
    |---|---|---|
    \(events.sorted().joined(separator: "\n"))

    """
}

/// What the visitor is told, as it is told of text messages.
private func said(_ row: OutcomeRow) -> String {
  let words = Catalog.english
  switch row.page {
  case .numberForm(let notice):
    return MessageText.choose(words.notice(notice.key), isCall: false)
      .replacing("{number}", with: ExampleNumber.usual)
  case .pinForm(let notice):
    return notice.map { MessageText.choose(words.notice($0.key), isCall: false) } ?? words.text(.pinTitle)
  case .challengeForm(_, let notice), .lineForm(_, let notice):
    return MessageText.choose(words.notice(notice.key), isCall: false)
  case .userForm: return words.text(.numberTitle)
  case .callForm: return words.text(.callTitle)
  case .choiceForm: return words.text(.choicesTitle)
  case .status(_, let key, _): return words.page(key).title
  }
}
