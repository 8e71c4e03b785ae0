internal import ArgumentParser

/// Prints a new secret key.
struct GenerateKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a new random key for PINGATE_KEY.",
    discussion: """
      To change keys without turning away the visitors who are at it, put the new key before the old one \
      (PINGATE_KEY="new old"), and drop the old one ten minutes later.
      """)

  func run() {
    print(KeyText.random())
  }
}
