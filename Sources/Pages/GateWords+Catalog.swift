public import Gate

extension GateWords {
  init(_ words: Catalog) {
    self.init(language: words.language, texts: words.gate)
  }

  /// What the gate says in a process that makes no pages.
  public static var english: GateWords { GateWords(.english) }
}

extension Pages {
  /// What the gate says, in the language of these pages.
  public var gateWords: GateWords { GateWords(words) }
}
