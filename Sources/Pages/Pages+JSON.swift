internal import Encoding
internal import Flow
internal import HTTPTypes
internal import Tokens
internal import Verification

/// What a page says and has in its fields, for a program (docs/api.md, docs/openapi.yaml).
extension Pages {
  /// It contains nothing that the page of the same outcome does not tell.
  func json(of conclusion: Conclusion) -> [UInt8] {
    let (row, arguments) = (conclusion.row, conclusion.arguments)
    var json = JSONWriter()
    // Not the code in the log: what that reveals about the account with the provider is the owner's business.
    json.put("outcome", row.page.message?.rawValue ?? row.code)
    json.put("title", title(of: conclusion))
    json.put("message", message(of: conclusion))
    switch row.page {
    case .numberForm, .userForm, .callForm, .choiceForm:
      json.put("number", number(arguments))
      if !arguments.formToken.isEmpty { json.put("form", arguments.formToken) }
      if row.page == .choiceForm { json.put("choices", choices(arguments)) }
      if row.page == .callForm { json.put("channels", [Channel.call.rawValue]) }
    case .challengeForm(let form, _), .lineForm(let form, _):
      json.put("number", number(arguments))
      if form == .number, !arguments.formToken.isEmpty { json.put("form", arguments.formToken) }
      if form == .pin, let form = arguments.pinForm { put(form, to: &json) }
      if let challenge = arguments.challenge { json.put("challenge", self.json(of: challenge)) }
    case .pinForm:
      json.put("number", number(arguments))
      if let form = arguments.pinForm { put(form, to: &json) }
      // A number beyond the usual is not certain, and the page does not tell it either.
      if let left = arguments.triesLeft, !words.tries(left: left).isEmpty {
        json.put("triesLeft", Int64(max(0, left)))
      }
    case .status(let severity, _, _):
      if !arguments.returnToken.isEmpty { json.put("returnToken", arguments.returnToken) }
      if let proof = arguments.proof { put(proof, to: &json) }
      if severity == .failure, !conclusion.reference.isEmpty { json.put("reference", conclusion.reference) }
    }
    if let destination = conclusion.destination { json.put("continue", destination) }
    if let wait = conclusion.wait { json.put("retryAfter", wait.wholeSeconds) }
    return json.bytes
  }

  private func json(of challenge: OutcomeArguments.Challenge) -> JSONWriter {
    var json = JSONWriter()
    json.put("token", challenge.text)
    json.put("kind", challenge.token.way.name)
    switch challenge.token.way {
    case .work(let puzzle):
      json.put("algorithm", "sha256")
      json.put("parts", Int64(puzzle.parts))
      json.put("bits", Int64(puzzle.bits))
    case .widget:
      if let widget = settings.widget {
        json.put("widget", widget.kind.rawValue)
        json.put("siteKey", widget.siteKey)
      }
    case .slot(let readyAt): json.put("readyAt", readyAt.rfc3339)
    }
    return json
  }

  private func put(_ form: OutcomeArguments.PINForm, to json: inout JSONWriter) {
    json.put("requestId", form.token)
    json.put("channel", form.channel.rawValue)
    json.put("channels", form.channels.map(\.rawValue))
    if let time = form.endsAt { json.put("expiresAt", time.rfc3339) }
    if let time = form.nextSendAt { json.put("nextSendAt", time.rfc3339) }
  }

  /// The claims of a proof (RFC 7519).
  private func put(_ proof: Proof, to json: inout JSONWriter) {
    json.put("sub", proof.subject)
    json.put("iat", proof.issuedAt.secondsSinceEpoch)
    json.put("exp", proof.expiresAt.secondsSinceEpoch)
    json.put("auth_time", proof.authenticatedAt.secondsSinceEpoch)
    json.put("jti", proof.id)
    json.put("amr", proof.methods.names)
    if !proof.purpose.isEmpty { json.put("purpose", proof.purpose) }
  }

  private func choices(_ arguments: OutcomeArguments) -> [JSONWriter] {
    arguments.choices.prefix(PageVariant.mostChoices).map { choice in
      var json = JSONWriter()
      json.put("number", choice.number)
      json.put("country", choice.country.code)
      return json
    }
  }

  /// What the page says below its title; the title again if there is nothing but the form.
  private func message(of conclusion: Conclusion) -> String {
    if case .status(_, let key, _) = conclusion.row.page { return words.page(key).paragraphs.joined(separator: " ") }
    guard let key = conclusion.row.page.message else { return title(of: conclusion) }
    let text = MessageText(key, conclusion.arguments, wait: conclusion.wait, for: settings).whole
    let served = words.served(conclusion.arguments.served)
    return served.isEmpty ? text : "\(text) \(served)"
  }
}
