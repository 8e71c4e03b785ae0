/// The page that shows what was sent, newest first.
struct OutboxPage {
  let messages: [OutboxMessage]
  /// How many were sent in all; the outbox keeps the last ones.
  let sent: Int
  let now: Duration

  var html: [UInt8] {
    let time = HTMLText.escaped(SandboxTime.dateAndTime(now))
    return Array(
      """
      <!DOCTYPE html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <meta name="color-scheme" content="light dark">
      <title>Outbox (\(sent)) – Vonage sandbox</title>
      <link rel="stylesheet" href="outbox.css">
      </head>
      <body>
      <header>
      <h1>Outbox</h1>
      <p>No telephone rings here: what Vonage would send, this stand-in shows.</p>
      </header>
      <main>
      <p class="bar"><a class="button" href="./">Refresh</a> <span>\(summary)</span></p>
      \(list)
      <h2>Clock</h2>
      <p>It is <time datetime="\(HTMLText.escaped(SandboxTime.iso8601(now)))">\(time) UTC</time> in the sandbox. Codes \
      expire and calls follow as this clock moves.</p>
      <div class="bar">
      \(advanceButtons)
      </div>
      <h2>Magic numbers</h2>
      <p>Every number works. These, set aside for fiction, always meet the same fate:</p>
      \(table)
      </main>
      </body>
      </html>

      """.utf8)
  }

  private var summary: String {
    guard sent > messages.count else { return sent == 1 ? "1 message" : "\(sent) messages" }
    return "\(sent) messages; the last \(messages.count) are here"
  }

  private var list: String {
    guard !messages.isEmpty else { return #"<p class="empty">Nothing was sent yet.</p>"# }
    return "<ol class=\"messages\">\n" + messages.map(item).joined(separator: "\n") + "\n</ol>"
  }

  private func item(_ message: OutboxMessage) -> String {
    let kind = message.channel == .sms ? "Text message" : "Call"
    return """
      <li>
      <p class="to"><strong>+\(HTMLText.escaped(message.to))</strong> <span class="kind">\(kind)</span></p>
      <p class="pin">\(HTMLText.escaped(message.pin))</p>
      <p class="text">\(HTMLText.escaped(message.text))</p>
      <p class="meta">from \(HTMLText.escaped(message.from)), \(HTMLText.escaped(message.lg)), \
      <time datetime="\(HTMLText.escaped(message.at))">\(HTMLText.escaped(message.at))</time>, \
      request <code>\(HTMLText.escaped(message.requestID))</code></p>
      </li>
      """
  }

  private var advanceButtons: String {
    [(30, "30 seconds"), (120, "2 minutes"), (300, "5 minutes")].map { seconds, words in
      """
      <form method="post" action="clock"><input type="hidden" name="advance" value="\(seconds)">\
      <button type="submit">Let \(words) pass</button></form>
      """
    }.joined(separator: "\n")
  }

  private var table: String {
    Operation.allCases.map { operation in
      let rows = MagicNumber.all.filter { $0.operation == operation }.map {
        "<tr><th scope=\"row\">\(HTMLText.escaped($0.display))</th><td>\(HTMLText.escaped($0.meaning))</td></tr>"
      }
      return """
        <details>
        <summary>For the call “\(operation.rawValue)”</summary>
        <table>
        <thead><tr><th scope="col">Number</th><th scope="col">What happens</th></tr></thead>
        <tbody>
        \(rows.joined(separator: "\n"))
        </tbody>
        </table>
        </details>
        """
    }.joined(separator: "\n")
  }
}
