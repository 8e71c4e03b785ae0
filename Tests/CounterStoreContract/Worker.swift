import Foundation
internal import Support

/// Another process at the same store: a `store-worker`.
public final class Worker: Sendable {
  private let process: ChildProcess

  /// - Parameter store: a file, or the address of a Redis.
  public init(_ store: String, _ task: String, _ count: Int) throws {
    let folder = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent()
    process = try ChildProcess(folder.appendingPathComponent("store-worker").path, [store, task, "\(count)"])
  }

  /// What it printed, once it has ended.
  public func result() -> String {
    defer { process.wait() }
    return process.readAll()
  }

  /// Reads until it has printed so much.
  public func wait(forBytes count: Int) -> Int {
    var read = 0
    while read < count {
      let bytes = process.read()
      if bytes.isEmpty { break }
      read += bytes.count
    }
    return read
  }

  /// Stops it, and waits until it stands still.
  public func pause() throws {
    process.send(SIGSTOP)
    while true {
      let state = try String(contentsOfFile: "/proc/\(process.identifier)/stat", encoding: .utf8)
      // proc(5): the third field, behind the program's name in parentheses.
      if state.split(separator: ")").last?.split(separator: " ").first == "T" { return }
      usleep(1000)
    }
  }

  public func resume() { process.send(SIGCONT) }

  public func kill() { process.send(SIGKILL) }
}
