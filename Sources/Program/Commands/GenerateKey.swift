internal import ArgumentParser

/// Prints a new secret key.
struct GenerateKey: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print a new random key for PINGATE_KEY.",
    discussion: """
      To change keys without turning away the visitors who are at it, put the new key before the old one \
      (PINGATE_KEY="new old"). The last key is also what numbers and addresses are counted under: dropping the old one \
      sets all limits back to nothing, so do it at a quiet hour, ten minutes later at the earliest.
      """)

  func run() {
    print(KeyText.random())
  }
}
