internal import Encoding

/// A text that the gate itself shows to a visitor or a program, where no page is made.
public enum GateText: String, Sendable, Hashable, CaseIterable {
  /// To a program without a good proof.
  case verifyFirst = "gate.verify_first"
  /// To somebody with a good proof of a number that has no access: a title, a sentence, and the button that signs out.
  case noAccessTitle = "gate.no_access.title"
  case noAccess = "gate.no_access"
  case signOut = "gate.sign_out"
  /// To somebody with a good proof whom the web server refuses for a reason of its own.
  case refusedElsewhere = "gate.refused_elsewhere"
  /// The form is behind the gate itself. Its argument is `{form}`, the form's path.
  case formIsGuarded = "gate.form_is_guarded"
  /// The web server's configuration makes a demand that cannot be met.
  case demandUnusable = "gate.demand_unusable"
  case unavailable = "gate.unavailable"
  /// To the owner, in the place of a redirect (`PINGATE_DEBUG_REDIRECTS`). Its arguments are `{reason}`, why there is no good proof, and
  /// `{address}`, where the redirect leads.
  case redirectShown = "gate.redirect_shown"
}

/// What the gate says, in one language. The words themselves live in the catalog of the pages.
public struct GateWords: Sendable {
  /// A tag (BCP 47), as `lang` has it.
  let language: String
  private let texts: [GateText: String]

  public init(language: String, texts: [GateText: String]) {
    self.language = language
    self.texts = texts
  }

  /// A text; its key where there are no words for it.
  ///
  /// - Parameter arguments: what stands for each name in braces.
  func text(_ key: GateText, _ arguments: (name: String, value: String)...) -> String {
    arguments.reduce(texts[key] ?? key.rawValue) { $0.filling("{\($1.name)}", with: $1.value) }
  }

  /// No words, for a gate that answers nobody.
  public static let none = GateWords(language: "", texts: [:])
}
