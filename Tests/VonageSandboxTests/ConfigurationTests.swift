import FastCGI
import Testing
import VonageSandbox

@testable import vonage_sandbox

@Suite struct ConfigurationTests {
  private func problems(_ environment: [String: String]) -> [String] {
    do {
      _ = try Configuration(environment)
      return []
    } catch {
      return error.problems
    }
  }

  @Test func `an empty environment gives the defaults`() throws {
    let configuration = try Configuration(["VONAGE_API_KEY": "", "PATH": "/bin"])
    #expect(configuration.listen == nil)
    #expect(configuration.sandbox == SandboxSettings())
  }

  @Test func `every setting is taken`() throws {
    let configuration = try Configuration([
      "VONAGE_SANDBOX_LISTEN": "unix:/tmp/s.sock", "VONAGE_SANDBOX_PREFIX": "/a/b", "VONAGE_API_KEY": "k",
      "VONAGE_API_SECRET": "s", "VONAGE_SANDBOX_DELAY_MS": "2000", "VONAGE_SANDBOX_CALLS_PER_SECOND": "30",
    ])
    var expected = SandboxSettings()
    expected.prefix = "/a/b"
    expected.credentials = SandboxCredentials(key: "k", secret: "s")
    expected.delay = .seconds(2)
    expected.callsPerSecond = 30
    #expect(configuration.sandbox == expected)
    #expect(try configuration.listen == ListenAddress("unix:/tmp/s.sock"))
  }

  @Test func `a prefix of one slash is none, and a limit of 0 calls is no limit`() throws {
    let configuration = try Configuration(["VONAGE_SANDBOX_PREFIX": "/", "VONAGE_SANDBOX_CALLS_PER_SECOND": "0"])
    #expect(configuration.sandbox.prefix == "")
    #expect(configuration.sandbox.callsPerSecond == nil)
  }

  @Test(arguments: [
    ("VONAGE_SANDBOX_LISTEN", "0.0.0.0:80"), ("VONAGE_SANDBOX_PREFIX", "a"), ("VONAGE_SANDBOX_PREFIX", "/a/"),
    ("VONAGE_API_KEY", "k"), ("VONAGE_API_SECRET", "s"), ("VONAGE_SANDBOX_DELAY_MS", "-1"),
    ("VONAGE_SANDBOX_DELAY_MS", "3600001"), ("VONAGE_SANDBOX_CALLS_PER_SECOND", "x"), ("VONAGE_SANDBOX_DELAY", "1"),
  ])
  func `a wrong setting is told by its name`(name: String, value: String) {
    let problems = problems([name: value])
    #expect(problems.count == 1)
    #expect(problems.first?.contains(name) == true)
  }

  @Test func `all that is wrong is told at once`() {
    #expect(problems(["VONAGE_SANDBOX_DELAY_MS": "x", "VONAGE_SANDBOX_PREFIX": "x", "VONAGE_API_KEY": "x"]).count == 3)
  }

  @Test func `the help names every setting`() {
    for name in ["LISTEN", "PREFIX", "DELAY_MS", "CALLS_PER_SECOND"] {
      #expect(Configuration.help.contains("VONAGE_SANDBOX_" + name))
    }
  }
}
