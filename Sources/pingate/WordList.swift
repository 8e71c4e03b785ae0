/// A setting that is a list: words apart by blanks or commas.
enum WordList {
  static func words(of text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }
}
