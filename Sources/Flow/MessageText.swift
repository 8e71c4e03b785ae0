internal import Tokens
internal import Verification

/// A page's message with what only its exchange knows put in.
///
/// In a message `{wait}`, `{left}` and `{owner}` stand for what `Verdict` says, and `{one|other}` for words about text
/// messages, and in their place about calls where one was asked for, or where nothing was and the PIN came by one.
struct MessageText {
  /// What the page says first.
  let main: String
  /// What stands at the field alone, so that a page says it once.
  let detail: String

  /// - Parameter wait: how long the visitor is asked to wait.
  init(_ message: Message, _ exchange: Exchange, wait: Duration?) {
    guard message.text.utf8.contains(UInt8(ascii: "{")) else {
      (main, detail) = (message.text, "")
      return
    }
    // A page that is shown again may have outlived its wait.
    let isOver = wait == .zero
    let channel = exchange.channel ?? exchange.pending?.attempt.lastChannel
    main = Self.choose(message.text, isCall: channel == .call)
      .replacing(isOver ? "in {wait}" : "{wait}", with: isOver ? "now" : wait.map { WaitWords.text($0) } ?? "a while")
      .replacing("{owner}", with: exchange.owner)
      .replacing(" {left}", with: "")
    detail = message.text.contains("{left}") ? Self.words(triesLeft: exchange.triesLeft) : ""
  }

  var whole: String { detail.isEmpty ? main : "\(main) \(detail)" }

  private static func choose(_ text: String, isCall: Bool) -> String {
    var chosen = ""
    var rest = text[...]
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      let words = rest[rest.index(after: start)..<end].split(
        separator: "|", maxSplits: 1, omittingEmptySubsequences: false)
      chosen += rest[..<start]
      chosen += words.count == 2 ? words[isCall ? 1 : 0] : rest[start...end]
      rest = rest[rest.index(after: end)...]
    }
    return chosen + rest
  }

  /// Nothing where an owner has raised the limits beyond what the provider admits: then we do not know.
  private static func words(triesLeft: Int?) -> String {
    switch triesLeft {
    case nil, .some(6...): ""
    case .some(..<1): "That was the last try for now."
    case .some(1): "You have 1 try left."
    case .some(let left): "You have \(left) tries left."
    }
  }
}
