import FastCGI
import Testing

@Suite struct InvocationTests {
  private static let address = try? ListenAddress("127.0.0.1:9000")
  private static let systemd = ["LISTEN_PID": "42", "LISTEN_FDS": "1"]
  private static let cgi = ["GATEWAY_INTERFACE": "CGI/1.1"]

  private func mode(
    _ environment: [String: String], _ configured: ListenAddress? = nil, _ input: StandardInput = .other
  ) -> Invocation.Mode {
    Invocation(environment: environment, configured: configured, processID: 42, standardInput: input).mode
  }

  @Test func `systemd's sockets come first`() throws {
    let address = try #require(Self.address)
    #expect(mode(Self.systemd) == .systemd(sockets: 1))
    #expect(mode(Self.systemd.merging(Self.cgi) { $1 }, address, .listeningSocket) == .systemd(sockets: 1))
    #expect(mode(["LISTEN_PID": "42", "LISTEN_FDS": "2"]) == .systemd(sockets: 2))
  }

  @Test(arguments: [
    ["LISTEN_PID": "41", "LISTEN_FDS": "1"], ["LISTEN_FDS": "1"], ["LISTEN_PID": "42"],
    ["LISTEN_PID": "42", "LISTEN_FDS": "0"], ["LISTEN_PID": "42", "LISTEN_FDS": "x"],
    ["HTTP_LISTEN_PID": "42", "HTTP_LISTEN_FDS": "1"],
  ]) func `another process's sockets, or none, do not count`(_ environment: [String: String]) {
    #expect(mode(environment) == .terminal)
  }

  @Test func `a web server that starts a CGI program sets GATEWAY_INTERFACE`() {
    #expect(mode(Self.cgi) == .cgi)
    #expect(mode(Self.cgi, Self.address) == .cgi)
    #expect(mode(Self.cgi, nil, .listeningSocket) == .standardInput)
    #expect(mode(["GATEWAY_INTERFACE": ""]) == .terminal)
    #expect(mode(["HTTP_GATEWAY_INTERFACE": "CGI/1.1"]) == .terminal)
  }

  @Test func `a request without GATEWAY_INTERFACE is CGI of a kind, where nothing else was asked for`() throws {
    let request = ["REQUEST_METHOD": "GET", "SCRIPT_NAME": "/cgi-bin/pingate"]
    let address = try #require(Self.address)
    #expect(mode(request) == .unnamedCGI)
    #expect(mode(request.merging(Self.cgi) { $1 }) == .cgi)
    #expect(mode(request, address) == .configured(address))
    #expect(mode(request, nil, .listeningSocket) == .standardInput)
    #expect(mode(["REQUEST_METHOD": ""]) == .terminal)
    #expect(mode(["HTTP_REQUEST_METHOD": "GET"]) == .terminal)
  }

  @Test func `a configured address goes before descriptor 0, and nothing is a terminal`() throws {
    let address = try #require(Self.address)
    #expect(mode([:], address) == .configured(address))
    #expect(mode([:], address, .listeningSocket) == .configured(address))
    #expect(mode([:], nil, .listeningSocket) == .standardInput)
    #expect(mode([:]) == .terminal)
  }

  @Test func `arguments are read only where no visitor can write them`() {
    #expect(Invocation.mayReadArguments(environment: [:], standardInput: .other))
    #expect(Invocation.mayReadArguments(environment: Self.systemd, standardInput: .other))
    #expect(!Invocation.mayReadArguments(environment: Self.cgi, standardInput: .other))
    #expect(!Invocation.mayReadArguments(environment: ["REQUEST_METHOD": "GET"], standardInput: .other))
    #expect(!Invocation.mayReadArguments(environment: [:], standardInput: .listeningSocket))
  }
}
