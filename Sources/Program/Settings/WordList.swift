/// A setting that is a list: words separated by spaces or commas.
enum WordList {
  static func words(of text: String) -> [String] {
    text.split { $0 == "," || $0.isWhitespace }.map(String.init)
  }
}
