import Foundation
import Support
import Testing

@testable import Program

@Suite(.timeLimit(.minutes(1)))
struct `The owner's command` {
  /// Runs a script with `$0`'s folder as the place for what it leaves.
  private func run(
    _ script: String, _ input: String = "{}", by shell: String = "sh", timeout: Duration = .seconds(50)
  ) async throws -> (delivery: Delivery, left: String?) {
    let folder = try ScratchFolder()
    let path = folder.path + "/alert"
    try "#!/bin/\(shell)\nout=\"${0%/*}/out\"\n\(script)\n".write(toFile: path, atomically: true, encoding: .utf8)
    try FileManager.default.setAttributes([.posixPermissions: 0o700], ofItemAtPath: path)
    let delivery = await AlertCommand(path: path, timeout: timeout).deliver(Array(input.utf8))
    return (delivery, try? String(contentsOfFile: folder.path + "/out", encoding: .utf8))  // a script may leave nothing
  }

  @Test func `gets the alert as a line on its standard input`() async throws {
    let result = try await run(#"cat > "$out""#, #"{"a":"$(id)"}"#)
    #expect(result.delivery == .delivered)
    #expect(result.left == #"{"a":"$(id)"}"# + "\n")
  }

  @Test func `gets no arguments, no open file and none of this process' environment`() async throws {
    // A descriptor that an exec would not close by itself.
    try #require(dup2(STDERR_FILENO, 200) == 200)
    defer { close(200) }
    // What the shell itself adds is left out.
    let result = try await run(#"{ echo $#; env | grep -v -e ^PWD -e ^_ -e ^SHLVL | sort; ls /proc/$$/fd; } > "$out""#)
    let lines = try #require(result.left).split(separator: "\n").map(String.init)
    #expect(lines.prefix(3) == ["0", "LC_ALL=C.UTF-8", "PATH=/usr/local/bin:/usr/bin:/bin"])
    #expect(lines.contains("2") && !lines.contains("200"), "\(lines)")
  }

  @Test func `has failed when it says so, and is delivered even when it reads nothing`() async throws {
    #expect(try await run("exit 3").delivery == .failed("exit status 3"))
    #expect(try await run("kill -9 $$").delivery == .failed("was ended by signal 9"))
    #expect(try await run("exit 0").delivery == .delivered)
  }

  @Test func `is killed when it takes too long, with what it has started`() async throws {
    let result = try await run("sleep 1000 & sleep 1000", timeout: .milliseconds(50))
    #expect(result.delivery == .failed("ran for too long and was killed"))
  }

  @Test func `that is not there is told`() async {
    #expect(
      await AlertCommand(path: "/nowhere/alert").deliver([]) == .failed("cannot be started: No such file or directory"))
  }

  @Test func `stops at no signal that this process blocks`() async throws {
    // Other shells unblock signals by themselves.
    let result = try await run(#"grep -e SigBlk -e SigIgn /proc/self/status > "$out""#, by: "bash")
    #expect(result.left?.contains("SigBlk:\t0000000000000000") == true, "\(result)")
  }
}
