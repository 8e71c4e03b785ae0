internal import LibPhoneNumber

/// The version of the program.
enum Version {
  static let text = "0.1.0"

  /// The version, with the release of the numbering plan, which is renewed more often than the program.
  static var withNumberingPlan: String { "\(text) (numbering plan \(LibPhoneNumber.metadataVersion))" }
}
