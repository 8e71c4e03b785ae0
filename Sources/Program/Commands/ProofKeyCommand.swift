internal import ArgumentParser
internal import Gate

/// Prints what a site's own code checks proofs with.
struct ProofKeyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "proof-key", abstract: "Print the key that your own programs check proofs with.",
    discussion: """
      With ES256, the public key in PEM: whoever has it can check proofs and make none. With PINGATE_PROOF_ALG=HS256, the \
      shared key in base64: whoever has it can make proofs too, so keep it secret. Where keys are being changed there are \
      several, the one in use first.
      """)

  func run() throws {
    var reader = SettingsReader(SettingsSource.ofThisProcess())
    let (identity, keyring) = (SiteSettings.identity(&reader), SiteSettings.keyring(&reader))
    let gate = SiteSettings.gate(&reader, identity: identity)
    if gate == nil, !reader.isMistaken(.gate) { reader.complain(.gate, "is not on: there are no proofs") }
    guard reader.problems.isEmpty, let gate, let keyring else {
      StandardError.print("\(SettingsProblems(all: reader.problems))")
      throw ExitCode(ExitStatus.configuration)
    }
    for text in Gate(gate, keyring: keyring, site: identity).checkingTexts { print(text) }
  }
}
