internal import Gateway
internal import Tokens
internal import Verification

/// By what a form shows that no person sent it.
enum Automation: String, Sendable {
  /// A field is filled in that people do not see.
  case field
  /// It came back sooner than hands can type.
  case haste

  /// The field of the number form that people do not see. Its name is one that browsers and password managers fill nothing
  /// into, and that no form of a site's own has.
  static let trapField = "pingate-comment"
  /// When the first form was shown, sealed.
  static let shownField = "shown"
}

extension Flow {
  /// Nil for what a person may have sent: a form of a site's own, and a program's, has neither field.
  func automation(of form: Form) -> Automation? {
    if form[Automation.trapField]?.isEmpty == false { return .field }
    let shown = form.all(Automation.shownField).lazy.compactMap { self.shownForms.open($0) }.first
    return shown?.isYounger(than: settings.fastestForm, at: clock()) == true ? .haste : nil
  }

  /// What the first form carries; nil where its age is not looked at.
  package var shownForm: String? {
    settings.fastestForm > .zero ? shownForms.seal(ShownForm(shownAt: clock())) : nil
  }
}
