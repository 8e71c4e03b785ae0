internal import Glibc

/// How the program ends (sysexits.h).
enum ExitStatus {
  static let success: CInt = 0
  /// It could not listen.
  static let unavailable: CInt = 69
  /// The settings are wrong.
  static let configuration: CInt = 78
}
