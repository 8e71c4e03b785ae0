import Testing

@testable import Program

@Suite struct `A configuration file` {
  private func file(_ text: String) -> ConfigurationFile {
    ConfigurationFile(path: "pingate.conf", text: text)
  }

  @Test func `gives the values of its lines`() {
    let file = file("VONAGE_API_KEY=abc\n PINGATE_SITE = shop \nPINGATE_LOGO=\n")
    #expect(file.values == ["VONAGE_API_KEY": "abc", "PINGATE_SITE": "shop", "PINGATE_LOGO": ""])
    #expect(file.problems.isEmpty)
  }

  @Test func `skips empty lines and comments`() {
    let file = file("\n# X_A=1\n; X_B=2\n   \n\t# X_C=3\nX_D=4")
    #expect(file.values == ["X_D": "4"])
    #expect(file.problems.isEmpty)
  }

  @Test(arguments: [
    ("X_A=\"two words\"", "two words"), ("X_A='two words'", "two words"), ("X_A='#1'", "#1"), ("X_A=b=c", "b=c"),
    ("X_A=it's", "it's"), ("X_A=\"\"", ""), ("X_A=x\r", "x"), ("X_A = x ", "x"), ("\tX_A\t=\tx\t", "x"),
    ("export X_A=x", "x"),
    ("export\tX_A='x y'", "x y"), ("X_A=x\u{A0}", "x"), ("\u{FEFF}X_A=x", "x"), ("X_A=x\u{200B}\u{FEFF}", "x"),
    (#"X_A="a\"b\\c\$d\`e\nf""#, #"a"b\c$d`e\nf"#), (#"X_A='a\b'"#, #"a\b"#), (#"X_A=a\b"#, #"a\b"#),
    ("X_A=a\"b\"", "a\"b\""),
    ("X_A=\" x \"", " x "),
  ])
  func `takes quotes and blanks off and leaves everything else as it is`(line: String, value: String) {
    #expect(file(line).values == ["X_A": value])
    #expect(file(line).problems.isEmpty)
  }

  @Test(arguments: [
    ("X_A=x # y", "x"), ("X_A=x\t#y", "x"), ("X_A=x #", "x"), ("X_A=\"x # y\" # z", "x # y"), ("X_A='x'#z", "x"),
    ("X_A= # y", ""),
    ("X_A= #TODO", ""), ("X_A= #12", ""), ("X_A= #0057b8", "#0057b8"), ("X_A= #05b", "#05b"),
    ("X_A= #05b # blue", "#05b"),
    ("X_A=#TODO", "#TODO"), ("X_A= #0057bx", ""), ("X_A= x", "x"),
    ("X_A=#", ""), ("X_A=#0057b8", "#0057b8"), ("X_A = #0057b8 # blue", "#0057b8"), ("X_A=x#y", "x#y"),
    ("X_A=/a#b?c=#d", "/a#b?c=#d"),
    ("X_A=# y", ""), ("X_A=US CA #home", "US CA"),
  ])
  func `takes off a comment behind a value`(line: String, value: String) {
    #expect(file(line).values == ["X_A": value])
    #expect(file(line).problems.isEmpty)
  }

  /// It would be cut, and its owner would not know.
  @Test(arguments: ["PINGATE_KEY", "VONAGE_API_SECRET", "PINGATE_ALERT_SECRET", "PINGATE_STORE"])
  func `refuses what may be a comment behind a secret, or a part of it`(name: String) {
    for value in ["hunter2 # new", "# hunter2", " #hunter2"] {
      let file = file("\(name)=\(value)")
      #expect(file.values.isEmpty)
      #expect(file.problems.map(\.name) == ["pingate.conf:1"])
      #expect(file.problems.allSatisfy { $0.advice.hasPrefix(name) && !$0.advice.contains("hunter2") })
    }
    #expect(file("\(name)='hunter2' # new").values == [name: "hunter2"])
    #expect(file("\(name)='hunter2 # new'").values == [name: "hunter2 # new"])
    #expect(file("\(name)=hunter2#new").values == [name: "hunter2#new"])
  }

  @Test(arguments: ["\r\n", "\n", "\r"]) func `has lines whatever ends them`(end: String) {
    let file = file(["\u{FEFF}X_A=1", "# X_B=2", "", "X_C=3", "no line", "X_D=4", ""].joined(separator: end))
    #expect(file.values == ["X_A": "1", "X_C": "3", "X_D": "4"])
    #expect(file.problems.map(\.name) == ["pingate.conf:5"])
  }

  @Test(arguments: ["no equals sign", "X_A=\"open", "X_A='open", "X_A=\"", "X_A=\"x\" y", "X_A='x'y", "X_A=\"x\\\""])
  func `names the line that it cannot read`(line: String) {
    let file = file("X_B=1\n\(line)\nX_C=2")
    #expect(file.problems.map(\.name) == ["pingate.conf:2"])
    #expect(file.values == ["X_B": "1", "X_C": "2"])
  }

  @Test func `refuses a name that comes twice`() {
    #expect(file("X_A=1\nX_A=2").problems.map(\.name) == ["pingate.conf:2"])
  }
}
