import Foundation
import Limits
import Testing
import Verification

@testable import Program

@Suite struct `Where settings come from` {
  private func source(_ environment: [String: String], file: String) -> SettingsSource {
    SettingsSource(environment: environment, file: ConfigurationFile(path: "pingate.conf", text: file))
  }

  @Test func `the environment goes before the file`() throws {
    let source = source(["VONAGE_BRAND_NAME": "Env"], file: "VONAGE_BRAND_NAME=File\nPINGATE_SITE=file")
    #expect(try source.value(of: .vonageBrandName) == "Env")
    #expect(try source.value(of: .site) == "file")
    #expect(try source.value(of: .logo) == nil)
  }

  @Test func `an empty value counts as none`() throws {
    let source = source(["VONAGE_BRAND_NAME": ""], file: "VONAGE_BRAND_NAME=File")
    #expect(try source.value(of: .vonageBrandName) == "File")
  }

  @Test func `a secret can stand in a file of its own, whose line end is not part of it`() throws {
    try withTemporaryFolder { folder in
      try "s3cret\n".write(toFile: folder + "/secret", atomically: true, encoding: .utf8)
      let source = source(["VONAGE_API_SECRET_FILE": folder + "/secret"], file: "VONAGE_API_SECRET=other")
      #expect(try source.value(of: .vonageAPISecret) == "s3cret")
    }
  }

  @Test(arguments: ["", "\n", "\nsecond line"])
  func `a secret's file without a first line is a problem that names the setting`(text: String) throws {
    try withTemporaryFolder { folder in
      try text.write(toFile: folder + "/secret", atomically: true, encoding: .utf8)
      let source = source(["PINGATE_KEY_FILE": folder + "/secret"], file: "")
      let problem = #expect(throws: SettingsProblem.self) { try source.value(of: .key) }
      #expect(problem?.name == "PINGATE_KEY_FILE")
    }
  }

  /// With what editors and copying leave there.
  @Test(arguments: [
    "s3cret", "s3cret\r\n", "s3cret\r", "\u{FEFF}s3cret\r\n\r\n", "s3cret \t\n", " s3cret\u{A0}", "s3cret\u{FEFF}\n",
    "\"s3cret\"\n",
    "'s3cret'",
  ])
  func `a secret's file holds the secret and nothing else`(text: String) throws {
    try withTemporaryFolder { folder in
      try text.write(toFile: folder + "/secret", atomically: true, encoding: .utf8)
      let source = source(["VONAGE_API_SECRET_FILE": folder + "/secret\r"], file: "")
      #expect(try source.value(of: .vonageAPISecret) == "s3cret")
    }
  }

  @Test(arguments: [
    ("s3cret # new".data(using: .utf8), "#"), ("VONAGE_API_SECRET=s3cret".data(using: .utf8), "NAME=value"),
    ("export VONAGE_API_SECRET=s3cret".data(using: .utf8), "NAME=value"), ("\"s3cret".data(using: .utf8), "quote"),
    ("s3cret".data(using: .utf16), "UTF-16"), ("s3cret".data(using: .utf16LittleEndian), "UTF-16"),
    ("s3cret".data(using: .utf16BigEndian), "UTF-16"), (Data([0x73, 0xFF]), "not UTF-8"),
    (Data([0x73, 0x73, 0x73, 0]), "zero"),
  ])
  func `a secret's file that holds something else is told, and never its content`(content: Data?, word: String) throws {
    try withTemporaryFolder { folder in
      try #require(content).write(to: URL(filePath: folder + "/secret"))
      let source = source(["VONAGE_API_SECRET_FILE": folder + "/secret"], file: "")
      let problem = #expect(throws: SettingsProblem.self) { try source.value(of: .vonageAPISecret) }
      #expect(problem?.name == "VONAGE_API_SECRET_FILE")
      #expect(problem?.advice.contains(word) == true)
      #expect(problem?.advice.contains("s3cret") == false)
    }
  }

  @Test(arguments: [
    ("\"US\"", "US"), ("'US'", "US"), ("US\r", "US"), (" US\t", "US"), ("\u{FEFF}US", "US"), ("#0057b8", "#0057b8"),
  ])
  func `the environment is read as the file is`(text: String, value: String) throws {
    #expect(try source(["PINGATE_SITE": text], file: "").value(of: .site) == value)
    #expect(try source(["PINGATE_LIMIT_SITE_HOUR": text], file: "").value(of: .siteHour) == value)
  }

  @Test(arguments: ["US # home", "# home", " #home", "\"US\" home", "\"US", "'"])
  func `in the environment a comment is a mistake that names the setting`(text: String) throws {
    let source = source(["PINGATE_SITE": text, "PINGATE_LIMIT_SITE_HOUR": text], file: "")
    #expect(#expect(throws: SettingsProblem.self) { try source.value(of: .site) }?.name == "PINGATE_SITE")
    #expect(
      #expect(throws: SettingsProblem.self) { try source.value(of: .siteHour) }?.name == "PINGATE_LIMIT_SITE_HOUR")
  }

  @Test(arguments: [String.Encoding.utf16, .utf16LittleEndian, .isoLatin1])
  func `a file in another encoding is told`(encoding: String.Encoding) throws {
    try withTemporaryFolder { folder in
      try #require("# ö\nPINGATE_SITE=x".data(using: encoding)).write(to: URL(filePath: folder + "/pingate.conf"))
      let source = SettingsSource.usual(environment: ["PINGATE_CONFIG": folder + "/pingate.conf"], executable: "/x/y")
      let problem = try #require(source.problems.first)
      #expect(problem.advice.contains(encoding == .isoLatin1 ? "line 1: it is not UTF-8" : "it is UTF-16"))
    }
  }

  @Test func `a file as Windows saves it is read`() throws {
    try withTemporaryFolder { folder in
      try Data("\u{FEFF}PINGATE_SITE=x\r\nPINGATE_LOGO=/l.svg\r\n".utf8).write(
        to: URL(filePath: folder + "/pingate.conf"))
      let source = SettingsSource.usual(environment: ["PINGATE_CONFIG": folder + "/pingate.conf"], executable: "/x/y")
      #expect(source.problems.isEmpty)
      #expect(try source.value(of: .site) == "x")
      #expect(try source.value(of: .logo) == "/l.svg")
    }
  }

  @Test func `a secret's file that is not there is a problem and not an empty secret`() {
    let source = source(["VONAGE_API_SECRET_FILE": "/nowhere/secret"], file: "")
    let problem = #expect(throws: SettingsProblem.self) { try source.value(of: .vonageAPISecret) }
    #expect(problem?.name == "VONAGE_API_SECRET_FILE")
  }

  @Test func `a secret that is given both ways is a problem`() {
    let source = source(["VONAGE_API_SECRET": "a", "VONAGE_API_SECRET_FILE": "/b"], file: "")
    let problem = #expect(throws: SettingsProblem.self) { try source.value(of: .vonageAPISecret) }
    #expect(problem?.name == "VONAGE_API_SECRET")
  }

  @Test func `keys may stand on a line each, and nothing else may have a second line`() throws {
    try withTemporaryFolder { folder in
      try "one\ntwo\n".write(toFile: folder + "/lines", atomically: true, encoding: .utf8)
      let source = source(
        ["PINGATE_KEY_FILE": folder + "/lines", "VONAGE_API_SECRET_FILE": folder + "/lines"], file: "")
      #expect(try source.value(of: .key) == "one two")
      let problem = #expect(throws: SettingsProblem.self) { try source.value(of: .vonageAPISecret) }
      #expect(problem?.name == "VONAGE_API_SECRET_FILE")
    }
  }

  @Test func `what container platforms say of a service with our name is no mistake`() {
    let source = source(
      [
        "PINGATE_PORT": "tcp://10.0.0.1:80", "PINGATE_PORT_80_TCP": "x", "PINGATE_SERVICE_HOST": "10.0.0.1",
        "PINGATE_PORTS": "1",
      ], file: "")
    #expect(source.problems.map(\.name) == ["PINGATE_PORTS"])
  }

  @Test func `only secrets are read from files of their own`() {
    let source = source(["VONAGE_BRAND_NAME_FILE": "/etc/passwd"], file: "PINGATE_SITE_FILE=/etc/passwd")
    #expect(source.problems.map(\.name) == ["PINGATE_SITE_FILE"])
  }

  @Test func `a name that is no setting is reported wherever it stands`() {
    let source = source(["PINGATE_LOGOO": "/x", "PATH": "/bin"], file: "VONAGE_BRAND=Acme")
    #expect(source.problems.map(\.name) == ["PINGATE_LOGOO", "VONAGE_BRAND"])
  }

  @Test func `the file that is named has to be there`() {
    let source = SettingsSource.usual(environment: ["PINGATE_CONFIG": "/nowhere/pingate.conf"], executable: "/x/y")
    #expect(source.problems.map(\.name) == ["/nowhere/pingate.conf"])
    #expect(source.file == nil)
  }

  /// Another one in its place would not be what its owner means.
  @Test(arguments: ["/etc/mine.conf # mine", "\"/etc/mine.conf", "# /etc/mine.conf"])
  func `a mistake in the name of the file is told, and no other file is read`(text: String) throws {
    try withTemporaryFolder { folder in
      try "PINGATE_SITE=found".write(toFile: folder + "/pingate.conf", atomically: true, encoding: .utf8)
      let source = SettingsSource.usual(
        environment: ["PINGATE_CONFIG": text], executable: folder + "/cgi-bin/pingate")
      #expect(source.problems.map(\.name) == ["PINGATE_CONFIG"])
      #expect(source.file == nil)
    }
  }

  /// An editor has wrapped the line, or its owner has not read the example.
  @Test(arguments: ["KEY", "PINGATE_KEY=\nKEY", "KEY\nKEY", "KEY\"x", "KEY#", "export KEY", "KEY x # y", "x KEY"])
  func `a secret on a line of its own is told by its number, and never what it is`(text: String) {
    let key = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWY="
    for secret in [key, "ABCDEFGHIJKLMNOP=", "AB+CD/EF=="] {
      let source = source(
        [:],
        file: text.replacingOccurrences(of: "KEY", with: secret)
          .replacingOccurrences(of: "PINGATE_\(secret)", with: "PINGATE_KEY"))
      #expect(source.problems.contains { $0.advice == "is not of the form NAME=value" })
      for problem in source.problems {
        #expect(!"\(problem)".contains(secret.prefix(5)))
      }
    }
  }

  @Test func `a file that is not named is looked for above the program's own folder`() throws {
    try withTemporaryFolder { folder in
      try "PINGATE_SITE=found".write(toFile: folder + "/pingate.conf", atomically: true, encoding: .utf8)
      let source = SettingsSource.usual(environment: [:], executable: folder + "/cgi-bin/pingate")
      #expect(source.file?.path == folder + "/pingate.conf")
      #expect(try source.value(of: .site) == "found")
    }
  }

  @Test func `a file that may not be read is a problem even where it is not named`() throws {
    try withTemporaryFolder { folder in
      try FileManager.default.createDirectory(atPath: folder + "/pingate.conf", withIntermediateDirectories: false)
      let source = SettingsSource.usual(environment: [:], executable: folder + "/cgi-bin/pingate")
      #expect(source.problems.map(\.name) == [folder + "/pingate.conf"])
    }
  }

  @Test(arguments: [(65_536, true), (65_537, false)])
  func `a file may have 64 KiB and no more`(length: Int, isRead: Bool) throws {
    try withTemporaryFolder { folder in
      let comment = "#" + String(repeating: "x", count: length - 1)
      try comment.write(toFile: folder + "/pingate.conf", atomically: true, encoding: .utf8)
      let source = SettingsSource.usual(
        environment: ["PINGATE_CONFIG": folder + "/pingate.conf"], executable: "/x/y")
      #expect(source.problems.isEmpty == isRead)
    }
  }
}

/// Runs `body` with a folder of its own, which is removed afterwards.
func withTemporaryFolder(_ body: (String) throws -> Void) throws {
  let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString).path
  try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  defer { try? FileManager.default.removeItem(atPath: folder) }  // a leftover in the temporary folder harms nobody
  try body(folder)
}
