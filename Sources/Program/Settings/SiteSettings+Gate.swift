internal import Crypto
internal import FoundationEssentials
internal import Gate
internal import Tokens
internal import Verification

/// The settings for what a success yields: proofs, and who may have one.
extension SiteSettings {
  /// Everything is read even if the gate is off, so that all mistakes are reported.
  ///
  /// - Returns: nil if the gate is off.
  static func gate(_ reader: inout SettingsReader, identity: String) -> GateSettings? {
    let algorithm =
      reader.optional(
        .proofAlgorithm, "one of \(ProofAlgorithm.allCases.map(\.rawValue).joined(separator: ", "))",
        ProofAlgorithm.init(rawValue:)) ?? .es256
    let issuer = reader.optional(.proofIssuer, nameRule) { isClaim($0) ? $0 : nil } ?? GateSettings.usualIssuer
    let audience = reader.optional(.proofAudience, nameRule) { isClaim($0) ? $0 : nil } ?? usualAudience(of: identity)
    if issuer.utf8.count + audience.utf8.count > GateSettings.longestNames {
      reader.complain(
        .proofAudience,
        "must have, together with \(SettingName.proofIssuer.rawValue), at most \(GateSettings.longestNames) characters: "
          + "it is sent along with each request")
    }
    var settings = GateSettings(algorithm: algorithm, issuer: issuer, audience: audience)
    settings.sharedKeys = sharedKeys(&reader, algorithm)
    settings.life = reader.duration(.proofLife, in: 60...34_560_000, "from 1m to 400d") ?? settings.life
    if let life = reader.duration(.rememberLife, in: 0...34_560_000, "from 0 to 400d") {
      settings.rememberedLife = life == .zero ? nil : life
    }
    settings.validSince = reader.optional(
      .proofSince, "a time like 2026-11-30T12:00:00Z, or a number of seconds since 1970", time)
    settings.allowsPlainHTTP = reader.flag(.insecureProof) ?? false
    settings.returnHosts = returnHosts(&reader)
    settings.showsRedirects = reader.flag(.debugRedirects) ?? false
    return reader.flag(.gate) ?? false ? settings : nil
  }

  /// What the owner may not have meant in the gate's settings.
  ///
  /// - Parameter now: the time of day.
  static func doubtsAboutGate(_ site: SiteSettings, at now: Timestamp) -> [SettingsProblem] {
    guard let gate = site.gate else { return [] }
    var doubts: [SettingsProblem] = []
    if let since = gate.validSince, since > now {
      doubts.append(
        SettingsProblem(
          name: SettingName.proofSince.rawValue,
          advice: "lies in the future: until then nobody passes the gate, whoever verifies"))
    }
    // It matters that there are users, but not which.
    var admitted = Admitted.everyNumber
    if case .users = site.admitted { admitted = .users { UserNumbers() } }
    let longest = Gate(gate, keyring: site.keyring, site: site.identity, admitted: admitted).longestPurpose
    if longest < usualPurpose {
      doubts.append(
        SettingsProblem(
          name: SettingName.proofAudience.rawValue,
          advice:
            "is so long that a folder's PINGATE_PURPOSE can have at most \(longest) characters, because the cookie of a "
            + "proof stays below 400 bytes: set a shorter one, which need not be the name of a host"))
    }
    return doubts
  }

  /// As long as folders' names usually are.
  private static let usualPurpose = 5

  private static let nameRule = "a name like www.example.com, of printable characters without spaces and quotes"

  private static func isClaim(_ text: String) -> Bool { ProofRing.isName(text) }

  /// The site's own name, adapted so that it can be a claim.
  private static func usualAudience(of identity: String) -> String {
    let plain = identity.unicodeScalars.map { ProofRing.isName(String($0)) ? Character($0) : "-" }
    // One by one: to make it of the sequence, the runtime goes through all conformances of the program.
    return plain.prefix(GateSettings.longestNames - GateSettings.usualIssuer.utf8.count).reduce(into: "") {
      $0.append($1)
    }
  }

  private static func sharedKeys(_ reader: inout SettingsReader, _ algorithm: ProofAlgorithm) -> [SymmetricKey] {
    let keys = reader.optional(
      .proofKey,
      "one or more keys of 32 to 128 bytes in base64, separated by spaces; make one with `pingate generate-key`"
    ) { KeyText.keys(in: $0, bytes: 32...128) }
    if keys != nil, algorithm != .hs256 {
      reader.complain(
        .proofKey,
        "is used with \(SettingName.proofAlgorithm.rawValue)=HS256 only: proofs are signed with another key now")
    }
    return keys ?? []
  }

  private static func time(_ text: String) -> Timestamp? {
    if let seconds = Int64(text) { return seconds >= 0 ? Timestamp(secondsSinceEpoch: seconds) : nil }
    guard let date = try? Date(text, strategy: .iso8601) else { return nil }  // no such time
    return Timestamp(secondsSinceEpoch: Int64(date.timeIntervalSince1970))
  }

  /// Hosts spelled as in addresses, because they are compared with those.
  private static func returnHosts(_ reader: inout SettingsReader) -> Set<String> {
    reader.optional(
      .returnHosts, "names of hosts like www.example.com or www.example.com:8443, separated by spaces, without https://"
    ) { text in
      let words = WordList.words(of: text)
      let hosts = words.filter { Origin("https://" + $0)?.text == "https://" + $0 }
      return words.isEmpty || hosts.count < words.count ? nil : Set(hosts)
    } ?? []
  }
}
