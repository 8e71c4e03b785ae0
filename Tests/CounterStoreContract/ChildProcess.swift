public import Foundation
internal import Threads

/// Starts programs so that none inherits another's pipes: a pipe that a stranger holds is never seen to end.
public enum ChildProcess {
  private static let lock = Lock()

  /// Starts it with these pipes as its standard output and input.
  public static func start(_ program: String, _ arguments: [String], input: Pipe? = nil) throws -> (Process, Pipe) {
    try lock.withLock {
      let process = Process()
      let output = Pipe()
      for handle in [
        output.fileHandleForReading, output.fileHandleForWriting, input?.fileHandleForReading,
        input?.fileHandleForWriting,
      ] {
        guard let handle else { continue }
        _ = fcntl(handle.fileDescriptor, F_SETFD, FD_CLOEXEC)
      }
      process.executableURL = URL(fileURLWithPath: program)
      process.arguments = arguments
      process.standardOutput = output
      process.standardError = FileHandle.nullDevice
      if let input { process.standardInput = input }
      try process.run()
      return (process, output)
    }
  }

  /// Runs it to its end.
  ///
  /// - Returns: what it printed.
  @discardableResult
  public static func run(_ program: String, _ arguments: [String]) throws -> String {
    let (process, output) = try start(program, arguments)
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
