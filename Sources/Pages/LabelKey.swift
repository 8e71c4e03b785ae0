/// A text in a template, called by `words.` and its key: `{{words.pin.label}}`.
///
/// Its arguments in braces, like `{number}`, are variables of its page.
enum LabelKey: String, Sendable, Hashable, CaseIterable {
  // On several pages.
  case firstStep = "step.first"
  case secondStep = "step.second"
  case errorPrefix = "error.prefix"
  case errorSummary = "error.summary"
  case help = "help.title"
  case sendPIN = "action.send_pin"
  case otherNumber = "action.other_number"

  // The form for a number.
  case numberLead = "number.lead"
  case numberLabel = "number.label"
  case numberHint = "number.hint"
  case numberHelp = "number.help"
  /// The label of the field that people do not see.
  case numberTrap = "number.trap"

  // The form for a user whose number the site has.
  case userLead = "user.lead"
  case userHelp = "user.help"

  // The offer of a call.
  case callLead = "call.lead"
  case callAction = "call.action"
  case callHelp = "call.help"

  // The question of which number is meant.
  case choiceLead = "choice.lead"
  case choiceAction = "choice.action"
  case choiceHelp = "choice.help"

  // The form for a PIN.
  case pinLeadOfMessage = "pin.message.lead"
  case pinLeadOfCall = "pin.call.lead"
  case pinLabel = "pin.label"
  case pinHintOfMessage = "pin.message.hint"
  case pinHintOfCall = "pin.call.hint"
  case pinAction = "pin.action"
  case pinHelpTitleOfMessage = "pin.message.help.title"
  case pinHelpTitleOfCall = "pin.call.help.title"
  case pinHelpOfMessage = "pin.message.help"
  case pinHelpOfCall = "pin.call.help"
  case sendAgain = "pin.message.again"
  case callAgain = "pin.call.again"
  case callInstead = "pin.message.call_instead"
  case sendInstead = "pin.call.send_instead"
  case correctNumber = "pin.other_number"

  // The page that asks a stranger for work, and the one with their place in line.
  case workLead = "challenge.work.lead"
  case workAgain = "challenge.work.again"
  case needsScripts = "challenge.needs_scripts"
  case waitInstead = "challenge.wait_instead"
  case challengeHelpTitle = "challenge.help.title"
  case challengeHelp = "challenge.help"
  case lineHelp = "line.help"
  case goOn = "action.continue"

  // The page without a form, which tells the outcome.
  case referenceHelp = "status.reference"

  private static let prefix = "words."

  /// - Parameter templateName: the name in a template; the result is nil for anything but words.
  init?(templateName: String) {
    guard Self.isTemplateName(templateName) else { return nil }
    self.init(rawValue: String(templateName.dropFirst(Self.prefix.count)))
  }

  static func isTemplateName(_ name: String) -> Bool { name.hasPrefix(prefix) }

  var templateName: String { Self.prefix + rawValue }
}

extension Template {
  /// - Parameter text: may have arguments in braces, each of which becomes a block.
  init(label text: String) {
    var nodes: [Node] = []
    var rest = text[...]
    while let start = rest.firstIndex(of: "{"), let end = rest[start...].firstIndex(of: "}") {
      nodes.append(.label(rest[..<start]))
      let name = String(rest[rest.index(after: start)..<end])
      nodes.append(.block(name, [.variable(name, isEscaped: true)]))
      rest = rest[rest.index(after: end)...]
    }
    nodes.append(.label(rest))
    self.init(nodes: nodes)
  }

  /// The names of its blocks; for a label, those of its arguments.
  var blockNames: [String] {
    nodes.compactMap { if case .block(let name, _) = $0 { name } else { nil } }
  }
}

extension Template.Node {
  fileprivate static func label(_ text: Substring) -> Self {
    var html: [UInt8] = []
    CompiledPage.append(String(text), to: &html)
    return .text(html)
  }
}
