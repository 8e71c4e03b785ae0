internal import Glibc

/// How the program ends (sysexits.h).
enum ExitStatus {
  static let success: CInt = 0
  /// It was given what it cannot read.
  static let usage: CInt = 64
  /// It could not listen.
  static let unavailable: CInt = 69
  /// The system has no threads, no memory or no descriptors for it.
  static let system: CInt = 71
  /// There is nobody who takes the answer to a CGI request.
  static let noOutput: CInt = 74
  /// It was told to end while it answered a CGI request (128 and SIGTERM, as shells have it).
  static let stopped: CInt = 143
  /// The settings are wrong.
  static let configuration: CInt = 78
}
