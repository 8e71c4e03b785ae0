internal import FastCGI
internal import VonageSandbox

/// What the environment says.
struct Configuration {
  /// All that is wrong, a sentence each.
  struct Problems: Error {
    let problems: [String]
  }

  var listen: ListenAddress?
  var sandbox = SandboxSettings()

  init(_ environment: [String: String]) throws(Problems) {
    // An empty value counts as absent.
    let values = environment.filter { !$0.value.isEmpty }
    var problems = values.keys.filter { $0.hasPrefix("VONAGE_SANDBOX_") && !Self.names.contains($0) }.sorted()
      .map { "\($0) is not a setting; look for a typing error" }
    if let text = values["VONAGE_SANDBOX_LISTEN"] {
      do {
        listen = try ListenAddress(text)
      } catch {
        problems.append("VONAGE_SANDBOX_LISTEN: \(error)")
      }
    }
    if let prefix = values["VONAGE_SANDBOX_PREFIX"] {
      sandbox.prefix = prefix == "/" ? "" : prefix
      if prefix != "/", !prefix.hasPrefix("/") || prefix.hasSuffix("/") {
        problems.append("VONAGE_SANDBOX_PREFIX must be / or begin with / and not end with it")
      }
    }
    switch (values["VONAGE_API_KEY"], values["VONAGE_API_SECRET"]) {
    case (let key?, let secret?): sandbox.credentials = SandboxCredentials(key: key, secret: secret)
    case (nil, nil): break
    default: problems.append("VONAGE_API_KEY and VONAGE_API_SECRET go together; one of them is missing")
    }
    func number(_ name: String, upTo most: Int) -> Int? {
      guard let text = values[name] else { return nil }
      if let number = Int(text), (0...most).contains(number) { return number }
      problems.append("\(name) must be a number from 0 to \(most)")
      return nil
    }
    if let delay = number("VONAGE_SANDBOX_DELAY_MS", upTo: 3_600_000) { sandbox.delay = .milliseconds(delay) }
    if let limit = number("VONAGE_SANDBOX_CALLS_PER_SECOND", upTo: 1_000_000), limit > 0 {
      sandbox.callsPerSecond = limit
    }
    guard problems.isEmpty else { throw Problems(problems: problems) }
  }

  private static let names: Set = [
    "VONAGE_SANDBOX_LISTEN", "VONAGE_SANDBOX_PREFIX", "VONAGE_SANDBOX_DELAY_MS", "VONAGE_SANDBOX_CALLS_PER_SECOND",
  ]

  static let help = """
    A stand-in for Vonage's Verify API v1, for tests and demonstrations. It sends nothing: it prints each message with
    its PIN on standard output and shows it on a page. It speaks FastCGI, so put a web server in front:

        location /sandbox/ { include fastcgi_params; fastcgi_pass unix:/tmp/sandbox.sock; }

    The API is then at /sandbox/verify/json and so on, the page at /sandbox/, which also lists the numbers that always
    meet the same fate. For programs: /sandbox/messages.json, /sandbox/statistics.json, and POST to /sandbox/clock
    (advance=SECONDS), /sandbox/settings (delay_ms, slow_ms, silence_ms, search_lag_ms, calls_per_second, pin_code) and
    /sandbox/reset.

    Environment:
      VONAGE_SANDBOX_LISTEN            unix:PATH or 127.0.0.1:PORT. Not needed when a socket is handed over: by systemd
                                       (LISTEN_FDS) or as descriptor 0.
      VONAGE_SANDBOX_PREFIX            where it is mounted; /sandbox when not set
      VONAGE_API_KEY, VONAGE_API_SECRET
                                       the one account there is. When not set, any key and secret will do.
      VONAGE_SANDBOX_DELAY_MS          how long every call takes; 0 when not set
      VONAGE_SANDBOX_CALLS_PER_SECOND  beyond it an account is throttled; Vonage's limit is 30. 0 or not set: no limit
    """
}
