import Foundation

/// Another process at the same store: a `store-worker`.
public final class Worker: @unchecked Sendable {
  // Sendable because `Process` is started and waited for by one task at a time.
  private let process: Process
  private let output: Pipe

  /// - Parameter store: a file, or the address of a Redis.
  public init(_ store: String, _ task: String, _ count: Int) throws {
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    let program = folder.appendingPathComponent("store-worker").path
    (process, output) = try ChildProcess.start(program, [store, task, "\(count)"])
  }

  /// What it printed, once it has ended.
  public func result() -> String {
    let bytes = output.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Reads until it has printed so much.
  public func wait(forBytes count: Int) -> Int {
    var read = 0
    while read < count {
      let bytes = output.fileHandleForReading.availableData
      if bytes.isEmpty { break }
      read += bytes.count
    }
    return read
  }

  /// Stops it, and waits until it stands still.
  public func pause() throws {
    Foundation.kill(process.processIdentifier, SIGSTOP)
    while true {
      let state = try String(contentsOfFile: "/proc/\(process.processIdentifier)/stat", encoding: .utf8)
      // proc(5): the third field, behind the program's name in parentheses.
      if state.split(separator: ")").last?.split(separator: " ").first == "T" { return }
      usleep(1000)
    }
  }

  public func resume() {
    Foundation.kill(process.processIdentifier, SIGCONT)
  }

  public func kill() {
    Foundation.kill(process.processIdentifier, SIGKILL)
  }
}
