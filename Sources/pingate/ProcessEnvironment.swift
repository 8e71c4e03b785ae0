internal import Foundation

/// The environment of the process.
enum ProcessEnvironment {
  /// As it was when the program started: systemd's variables about sockets are taken out later, for the sake of other
  /// programs.
  static let atStart = ProcessInfo.processInfo.environment
}
