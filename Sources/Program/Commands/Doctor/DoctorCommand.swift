internal import ArgumentParser

/// Looks at a site from outside, as its visitors do.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor", abstract: "Look at the site from outside, as its visitors do.",
    subcommands: [DoctorGate.self])
}
